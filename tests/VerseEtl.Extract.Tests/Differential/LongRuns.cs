using System.Globalization;

namespace VerseEtl.Extract.Tests.Differential;

/// <summary>How much more than usual a test is asked to do: VERSEETL_LONG, 1 where it is not set.</summary>
internal static class LongRuns
{
    public static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("VERSEETL_LONG"), NumberStyles.None, CultureInfo.InvariantCulture, out int factor) ? Math.Max(factor, 1) : 1;
}
