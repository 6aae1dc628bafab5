namespace VerseEtl.Host.Pages;

/// <summary>The style sheets and scripts of `wwwroot`, which are part of the program.</summary>
internal static class AssetFiles
{
    /// <param name="file">Its name in `wwwroot`.</param>
    public static string Text(string file)
    {
        using StreamReader reader = new(typeof(AssetFiles).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }
}
