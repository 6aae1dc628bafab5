using System.Globalization;

namespace VerseEtl.Tests.Shared;

/// <summary>How much more than usual a test is asked to do: VERSEETL_LONG, 1 where it is not set.</summary>
internal static class LongRuns
{
    public static int Factor { get; } =
        Environment.GetEnvironmentVariable("VERSEETL_LONG") is { Length: > 0 } factor
            ? Math.Max(int.Parse(factor, NumberStyles.None, CultureInfo.InvariantCulture), 1)
            : 1;

    /// <summary>A figure for the report, shown by `-showliveoutput`.</summary>
    public static void Report(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures);
}
