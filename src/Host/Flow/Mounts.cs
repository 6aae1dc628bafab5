using System.Text.RegularExpressions;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Flow;

/// <summary>Tells a mounted share from the empty folder that stands in its place while it is not.</summary>
internal static partial class Mounts
{
    private const string Table = "/proc/self/mountinfo";
    private const int MountPointField = 4;

    /// <summary>True if something is mounted exactly there, links resolved.</summary>
    public static bool IsMounted(string path)
    {
        string real = PathRules.RealPath(path);
        return File.ReadLines(Table).Any(line => Unescaped(line.Split(' ')[MountPointField]) == real);
    }

    // the kernel writes space, tab, line feed and backslash as three octal digits
    private static string Unescaped(string field) => Octal().Replace(field, match => ((char)Convert.ToInt32(match.Value[1..], 8)).ToString());

    [GeneratedRegex(@"\\[0-7]{3}", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}
