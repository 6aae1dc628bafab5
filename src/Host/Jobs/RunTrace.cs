using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Jobs;

/// <summary>One line that a run said.</summary>
/// <param name="IsTrouble">A warning or worse.</param>
public sealed record TraceLine(DateTimeOffset At, string Text, bool IsTrouble);

/// <summary>One scan that a run came to the end of.</summary>
/// <param name="Code">Of its gravest finding; null for none.</param>
public sealed record TraceScan(DateTimeOffset At, string ScanKey, string Status, string? Code, TimeSpan Took);

/// <summary>What a run said and which scans it came to the end of, the newest of each, for its page: in this process only.</summary>
public sealed class RunTrace(TimeProvider time) : ILogEventSink
{
    private const int MostLines = 500, MostScans = 200;

    // texts without quotation marks
    private static readonly MessageTemplateTextFormatter Text = new("{Message:lj}", CultureInfo.InvariantCulture);

    private readonly Lock _lock = new();
    private readonly Queue<TraceLine> _lines = [];
    private readonly Queue<TraceScan> _scans = [], _failed = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TraceLine> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    /// <summary>In the order in which they ended.</summary>
    public IReadOnlyList<TraceScan> Scans
    {
        get
        {
            lock (_lock) return [.. _scans];
        }
    }

    /// <summary>Those that failed, however long ago.</summary>
    public IReadOnlyList<TraceScan> Failed
    {
        get
        {
            lock (_lock) return [.. _failed];
        }
    }

    /// <summary>Lines of the log, but for the one that each scan has.</summary>
    public void Emit(LogEvent logEvent)
    {
        bool trouble = logEvent.Level >= LogEventLevel.Warning;
        if (!trouble && logEvent.Properties.ContainsKey(Logs.OfScan)) return;
        using StringWriter text = new(CultureInfo.InvariantCulture);
        Text.Format(logEvent, text);
        Add(new TraceLine(logEvent.Timestamp, Finding.OneLine(text.ToString()), trouble));
    }

    internal void Report(RunStep step)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (step is RunStep.Phase phase) Add(new TraceLine(now, phase.Text, IsTrouble: false));
        if (step is RunStep.Listed listed) Add(new TraceLine(now, Invariant($"measuring {listed.Scans} scans"), IsTrouble: false));
        if (step is not RunStep.Measured { Result: ScanResult result, Elapsed: TimeSpan elapsed }) return;
        TraceScan scan = new(now, result.Scan.ScanKey, result.Scan.Status, result.Findings.MaxBy(finding => finding.Severity)?.Code, elapsed);
        lock (_lock)
        {
            Keep(_scans, scan, MostScans);
            if (scan.Status == ScanStatus.Failed) Keep(_failed, scan, MostScans);
        }
    }

    private void Add(TraceLine line)
    {
        lock (_lock) Keep(_lines, line, MostLines);
    }

    private static void Keep<T>(Queue<T> all, T one, int most)
    {
        all.Enqueue(one);
        if (all.Count > most) all.Dequeue();
    }
}
