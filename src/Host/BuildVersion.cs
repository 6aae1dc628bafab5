using System.Reflection;

namespace VerseEtl.Host;

/// <summary>Which build this is. The commit is the compiler's own knowledge: a build outside a checkout has none.</summary>
public static class BuildVersion
{
    /// <summary>`0.2.0+` and the commit in 40 digits, or the version alone.</summary>
    public static string Text { get; } = typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version alone.</summary>
    public static string Number { get; } = Text.Split('+')[0];

    /// <summary>Empty where it is not known.</summary>
    public static string Commit { get; } = Text.Split('+').ElementAtOrDefault(1) ?? "";
}
