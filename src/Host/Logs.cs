using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Sinks.SystemConsole.Themes;

namespace VerseEtl.Host;

/// <summary>
/// The log: for people on standard error (warnings, or a line per scan with --verbose), and on request a file with one JSON object a
/// line. Every line of a run carries its id. Nothing from inside a scan's files is ever logged, and no path but relative ones.
/// </summary>
public static class Logs
{
    /// <summary>Marks a line whose content people see in the summary anyway.</summary>
    public const string InSummary = "ExitCode";

    private const long LargestFile = 32L << 20;
    private const int KeptFiles = 10;

    /// <summary>Marks the line of a scan.</summary>
    internal const string OfScan = "Scan";

    /// <summary>The log of a process that has a summary.</summary>
    /// <inheritdoc cref="Create"/>
    internal static LateLog Open(bool verbose, string? file, Action<string> tell)
    {
        if (file is null) return new LateLog(verbose ? LogEventLevel.Information : LogEventLevel.Warning, () => Create(verbose, null, tell));
        // a file that cannot be written is told before the work begins
        Logger log = Create(verbose, file, tell);
        return new LateLog(LogEventLevel.Information, () => log);
    }

    /// <param name="verbose">A line per scan for people as well.</param>
    /// <param name="file">Null writes none.</param>
    /// <param name="tell">Is told once if the file cannot be written any more.</param>
    /// <param name="standing">For a process that has no summary: people get a line per run.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Logger Create(bool verbose, string? file, Action<string> tell, bool standing = false)
    {
        string hidden = standing ? OfScan : InSummary;
        LoggerConfiguration configuration = Levels(new LoggerConfiguration()).Enrich.WithProperty("Version", BuildVersion.Text).WriteTo.Logger(people => people
            .Filter.ByExcluding(line => !verbose && line.Properties.ContainsKey(hidden))
            .WriteTo.Console(
                restrictedToMinimumLevel: verbose || standing ? LogEventLevel.Information : LogEventLevel.Warning,
                outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {RunId} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LevelAlias.Minimum,
                theme: ConsoleTheme.None));
        if (file is not null)
        {
            // the sink itself keeps quiet about a file it cannot open
            using (new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { }
            configuration = configuration.WriteTo.Sink(LoggerSinkConfiguration.Wrap(sink => new LossySink(sink, tell), written => written.File(
                new CompactJsonFormatter(), file, fileSizeLimitBytes: LargestFile, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles)));
        }
        return configuration.CreateLogger();
    }

    /// <summary>What libraries may say.</summary>
    internal static LoggerConfiguration Levels(LoggerConfiguration configuration) => configuration.MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning).MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
        // it warns that keys are written unencrypted: they are for their owner only
        .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
        // a stack for each cookie that somebody made up; what becomes of the request is logged
        .MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal)
        .MinimumLevel.Override("Hangfire", LogEventLevel.Warning);
}
