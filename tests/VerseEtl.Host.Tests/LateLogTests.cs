using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace VerseEtl.Host.Tests;

public sealed class LateLogTests : ILogEventSink
{
    private readonly List<LogEvent> _lines = [];
    private int _made;

    [Fact]
    public async Task It_is_made_by_its_first_line_and_names_what_it_was_told_to()
    {
        await using LateLog late = new(LogEventLevel.Warning, Make);
        ILogger log = late;
        ILogger named = log.ForContext("RunId", "r").ForContext("Pipeline", "p");
        named.Information("measured {Count}", 3);
        log.Information("done");
        Assert.Equal(0, _made);
        named.Warning("lost {Count}", 3);
        named.Error(new InvalidOperationException("odd"), "met");
        log.Warning("full");
        Assert.Equal(1, _made);
        Assert.Equal(["lost 3", "met", "full"], _lines.Select(line => line.RenderMessage(null)));
        Assert.Equal("\"r\" \"p\"", $"{_lines[0].Properties["RunId"]} {_lines[0].Properties["Pipeline"]}");
        Assert.IsType<InvalidOperationException>(_lines[1].Exception);
        Assert.Empty(_lines[2].Properties);
    }

    void ILogEventSink.Emit(LogEvent logEvent) => _lines.Add(logEvent);

    private Logger Make()
    {
        _made++;
        return new LoggerConfiguration().WriteTo.Sink(this).CreateLogger();
    }
}
