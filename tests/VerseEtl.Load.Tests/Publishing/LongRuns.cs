using System.Globalization;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>How much more than usual a test is asked to do: VERSEETL_LONG, 1 where it is not set.</summary>
internal static class LongRuns
{
    public static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("VERSEETL_LONG"), NumberStyles.None, CultureInfo.InvariantCulture, out int factor) ? factor : 1;

    /// <summary>A figure for the report, shown by `-showliveoutput`.</summary>
    public static void Report(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures);
}
