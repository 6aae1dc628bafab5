namespace VerseEtl.Tests.Shared;

/// <summary>
/// Genuine and awkward files that are not part of the product: `VERSEETL_SHARED`, or `../shared` beside the checkout. Tests that use
/// them skip, with a reason, where they are missing.
/// </summary>
internal static class SharedFiles
{
    /// <summary>The checkout: the folder that holds VerseEtl.sln.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>Full path of a file or folder there; skips the test if there is none.</summary>
    public static string Require(string relative)
    {
        string root = Environment.GetEnvironmentVariable("VERSEETL_SHARED") ?? Path.GetFullPath(Path.Combine(Checkout, "..", "shared"));
        string path = Path.Combine(root, relative);
        Assert.SkipUnless(Path.Exists(path), $"shared/{relative} is not at hand; it is no part of the product (set VERSEETL_SHARED)");
        return path;
    }

    private static string FindCheckout()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VerseEtl.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside a checkout.");
    }
}
