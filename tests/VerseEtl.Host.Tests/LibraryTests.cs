using System.Reflection;
using System.Runtime.CompilerServices;

namespace VerseEtl.Host.Tests;

/// <summary>What makes the three lower projects libraries.</summary>
public sealed class LibraryTests
{
    /// <summary>A library in a process of somebody else's keeps nothing from one use to the next: no static field that can be set again.</summary>
    [Theory]
    [InlineData("VerseEtl.Transform")]
    [InlineData("VerseEtl.Extract")]
    [InlineData("VerseEtl.Load")]
    public void A_library_has_no_state_of_its_own(string assembly)
    {
        IEnumerable<string> settable =
            from type in Assembly.Load(assembly).GetTypes()
            where !IsGenerated(type)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsInitOnly && !field.IsLiteral
            select $"{type.FullName}.{field.Name}";
        Assert.Empty(settable);
    }

    // caches of delegates that the compiler makes, generated regular expressions
    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
            || type.DeclaringType is { } outer && IsGenerated(outer);
}
