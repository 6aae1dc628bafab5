namespace VerseEtl.Host.Pages;

/// <summary>Where the pages about a pipeline's scans are in `serve`, names escaped.</summary>
internal static class Addresses
{
    /// <summary>The routes; a scan's key is the rest of the path, its slashes as they are.</summary>
    public const string GalleryRoute = "/pipelines/{pipeline}/gallery", ReportRoute = "/pipelines/{pipeline}/scans/{**scan}",
        PictureRoute = "/pipelines/{pipeline}/pictures/{picture}", ViewerRoute = "/pipelines/{pipeline}/viewer/{**scan}",
        StartRoute = "/pipelines/{pipeline}/run", CancelRoute = "/pipelines/{pipeline}/cancel", ReleaseRoute = "/pipelines/{pipeline}/release",
        RollbackRoute = "/pipelines/{pipeline}/rollback", RunRoute = "/pipelines/{pipeline}/runs/{run}", RunNowRoute = "/pipelines/{pipeline}/runs/{run}/now",
        SessionsRoute = "/sessions", EndRoute = "/sessions/end", CtRoute = "/pipelines/{pipeline}/ct/{**scan}",
        MaskRoute = "/pipelines/{pipeline}/mask/{**scan}";

    public static string Audit(string pipeline) => "/audit/" + Uri.EscapeDataString(pipeline);

    public static string Gallery(string pipeline) => Of(pipeline) + "/gallery";

    public static string Report(string pipeline, string scanKey) => $"{Of(pipeline)}/scans/{Escaped(scanKey)}";

    /// <param name="picturePath">As `scans.picture_path` has it.</param>
    public static string Picture(string pipeline, string picturePath) => $"{Of(pipeline)}/{Escaped(picturePath)}";

    public static string Viewer(string pipeline, string scanKey) => $"{Of(pipeline)}/viewer/{Escaped(scanKey)}";

    /// <summary>The CT of a scan, as a browser can hold it.</summary>
    public static string Ct(string pipeline, string scanKey) => $"{Of(pipeline)}/ct/{Escaped(scanKey)}";

    /// <summary>The mask of a scan, as a browser can hold it.</summary>
    public static string Mask(string pipeline, string scanKey) => $"{Of(pipeline)}/mask/{Escaped(scanKey)}";

    public static string Start(string pipeline) => Of(pipeline) + "/run";

    public static string StartWithOptions(string pipeline) => Start(pipeline) + "?options";

    /// <summary>A run that publishes although scans are missing.</summary>
    public static string PublishAnyway(string pipeline) => Start(pipeline) + "?accept_shrink";

    public static string Cancel(string pipeline) => Of(pipeline) + "/cancel";

    public static string Release(string pipeline) => Of(pipeline) + "/release";

    public static string Rollback(string pipeline) => Of(pipeline) + "/rollback";

    /// <summary>The page of a run.</summary>
    public static string Run(string pipeline, string runId) => $"{Of(pipeline)}/runs/{Uri.EscapeDataString(runId)}";

    /// <summary>What changes on it, for its script.</summary>
    public static string RunNow(string pipeline, string runId) => Run(pipeline, runId) + "/now";

    private static string Of(string pipeline) => "/pipelines/" + Uri.EscapeDataString(pipeline);

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
