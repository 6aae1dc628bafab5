namespace VerseEtl.StartProfile;

/// <summary>A method as the runtime names it when it compiles it: <c>Type`1[Argument]:Method[Argument](parameters)</c>, no assemblies.</summary>
internal sealed record CompiledMethod(string Type, string Name, IReadOnlyList<string> Arguments, int Parameters)
{
    private const string Before = "JIT compiled ";

    /// <summary>The generic methods of lists that <c>DOTNET_JitStdOutFile</c> wrote, each once, in ordinal order of their names.</summary>
    public static IEnumerable<CompiledMethod> InLists(IEnumerable<string> files) =>
        files.SelectMany(File.ReadLines).Where(line => line.Contains(Before, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..line.LastIndexOf(" [", StringComparison.Ordinal)])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(IsGeneric).Select(Parse);

    /// <summary>
    /// Whether it is code over types that a profile can name: stubs have no type, helpers of the C# compiler stand in every assembly, and
    /// comparers of enums are listed by the number below the enum.
    /// </summary>
    private static bool IsGeneric(string method) =>
        method[..method.LastIndexOf('(')].Contains('[', StringComparison.Ordinal)
        && !method.StartsWith('(') && !method.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal)
        && !method.StartsWith("System.Collections.Generic.Enum", StringComparison.Ordinal);

    private static CompiledMethod Parse(string text)
    {
        int colon = Outside(text, ':'), end = text.LastIndexOf(')');
        string method = text[(colon + 1)..(end + 1)];
        int open = Outside(method, '(');
        (string name, IReadOnlyList<string> arguments) = Generic(method[..open]);
        return new CompiledMethod(text[..colon], name, arguments, Split(method[(open + 1)..^1]).Count);
    }

    /// <summary>A name and what stands in its brackets.</summary>
    public static (string Name, IReadOnlyList<string> Arguments) Generic(string text) =>
        text.IndexOf('[', StringComparison.Ordinal) is > 0 and int at ? (text[..at], Split(text[(at + 1)..^1])) : (text, []);

    private static List<string> Split(string list)
    {
        List<string> parts = [];
        while (list.Length > 0)
        {
            int comma = Outside(list, ',');
            parts.Add(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? "" : list[(comma + 1)..];
        }
        return parts;
    }

    /// <summary>Where a letter stands outside of all brackets; -1 where it does not.</summary>
    private static int Outside(string text, char letter)
    {
        for (int at = 0, depth = 0; at < text.Length; at++)
        {
            if (depth == 0 && text[at] == letter) return at;
            depth += text[at] switch { '[' => 1, ']' => -1, _ => 0 };
        }
        return -1;
    }
}
