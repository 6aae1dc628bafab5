namespace VerseEtl.Host.ReportPage;

/// <summary>An image of a report, or why there is none.</summary>
/// <param name="Source">For an `img`: an address of `serve`, or the image itself as a data URI; null where there is none.</param>
/// <param name="WhyNot">In words; empty where there is one.</param>
public sealed record ReportImage(string? Source, string WhyNot)
{
    internal static ReportImage Of(byte[] bytes, string type) => new($"data:{type};base64,{Convert.ToBase64String(bytes)}", "");

    internal static ReportImage None(string whyNot) => new(null, whyNot);
}
