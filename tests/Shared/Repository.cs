namespace VerseEtl.Tests.Shared;

/// <summary>The checkout the tests run in: the folder that holds VerseEtl.sln.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Text(string path) => File.ReadAllText(Path.Join(Root, path));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Join(folder.FullName, "VerseEtl.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside a checkout.");
    }
}
