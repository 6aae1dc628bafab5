namespace VerseEtl.Tests.Shared;

/// <summary>
/// Genuine and awkward files that are not part of the product: `VERSEETL_SHARED`, or `../shared` beside the checkout. Tests that use
/// them skip, with a reason, where they are missing.
/// </summary>
internal static class SharedFiles
{
    /// <summary>Full path of a file or folder there; skips the test if there is none.</summary>
    public static string Require(string relative)
    {
        string root = Environment.GetEnvironmentVariable("VERSEETL_SHARED") is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Join(Repository.Root, "..", "shared"));
        string path = Path.Join(root, relative);
        Assert.SkipUnless(Path.Exists(path), $"shared/{relative} is not at hand; it is no part of the product (set VERSEETL_SHARED)");
        return path;
    }
}
