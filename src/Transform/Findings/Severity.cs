namespace VerseEtl.Transform.Findings;

public enum Severity { Info, Warning, Error }

public static class SeverityWord
{
    /// <summary>As tables, reports and messages spell it.</summary>
    public static string Word(this Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Warning => "warning",
        Severity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "There is no such severity."),
    };
}
