using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Configuration;

/// <summary>Something wrong in pipelines.yaml or on the command line, found before any work. Line and column start at 1; 0 where there is no file.</summary>
public sealed record ConfigProblem(string? File, int Line, int Column, string Code, string Message, Severity Severity = Severity.Error)
{
    public static ConfigProblem OnCommandLine(string code, string message) => new(null, 0, 0, code, message);

    /// <summary>One line, as compilers write it: `file:line:column: CODE message`.</summary>
    public override string ToString() => File is null
        ? $"{Code} {Finding.OneLine(Message)}"
        : Invariant($"{Finding.OneLine(File)}:{Line}:{Column}: {Code} {Finding.OneLine(Message)}");
}

/// <summary>The codes of <see cref="ConfigProblem"/>.</summary>
public static class ConfigCodes
{
    public const string Bind = "CFG_BIND";
    public const string Cron = "CFG_CRON";
    public const string Depth = "CFG_DEPTH";
    public const string DstRisk = "CFG_DST_RISK";
    public const string DuplicateKey = "CFG_DUP_KEY";
    public const string Missing = "CFG_MISSING";
    public const string PathOutside = "CFG_PATH_OUTSIDE";
    public const string PathTwice = "CFG_PATH_TWICE";
    public const string Range = "CFG_RANGE";
    public const string Retention = "CFG_RETENTION";
    public const string SecretInline = "CFG_SECRET_INLINE";
    public const string Syntax = "CFG_SYNTAX";
    public const string TimeZone = "CFG_TZ";
    public const string Type = "CFG_TYPE";
    public const string UnknownKey = "CFG_UNKNOWN_KEY";
    public const string UnknownPipeline = "CFG_UNKNOWN_PIPELINE";
    public const string Usage = "CFG_USAGE";
    public const string Version = "CFG_VERSION";
}
