using VerseEtl.Host.Objects;

namespace VerseEtl.Host.Configuration;

/// <summary>Where a pipeline may read and write: never the one inside the other, never a root or somebody's home.</summary>
public static class PathRules
{
    private const int MostLinks = 40;

    /// <returns>What is wrong with the pair, or null.</returns>
    public static string? Objection(string source, string output)
    {
        string from = ObjectUrl.IsMeant(source) ? source : RealPath(source), to = RealPath(output);
        if (from == "/") return "the source is the root of the file system; name the dataset's folder";
        if (to == "/") return "the output is the root of the file system; name a folder";
        string home = RealPath(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));
        if (to == home) return "the output is your home folder; name a folder in it";
        if (from == to) return "source and output are the same folder";
        if (IsInside(to, from)) return "the output lies inside the source; put it elsewhere";
        if (IsInside(from, to)) return "the source lies inside the output; put it elsewhere";
        return null;
    }

    public static bool IsInside(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>The absolute path with every link that exists resolved; parts that do not exist yet stay as written.</summary>
    public static string RealPath(string path)
    {
        string real = "/";
        Stack<string> rest = new(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (int links = 0; rest.TryPop(out string? part);)
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }
            if (part == ".") continue;
            string here = Path.Join(real, part);
            if (new FileInfo(here).LinkTarget is not string target || ++links > MostLinks)
            {
                real = here;
                continue;
            }
            if (Path.IsPathRooted(target)) real = "/";
            foreach (string step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) rest.Push(step);
        }
        return real;
    }
}
