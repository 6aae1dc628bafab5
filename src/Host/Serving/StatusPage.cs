using System.Globalization;
using System.Net;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving;

/// <summary>What stands where, for a browser and for a monitor. Everything from outside is encoded.</summary>
internal static class StatusPage
{
    /// <summary>503 as long as a warehouse that exists cannot be read.</summary>
    public static async Task Ready(HttpContext context, PipelineSet pipelines)
    {
        string[] unreadable = [.. pipelines.Pipelines.Where(pipeline => Look(pipeline).Trouble is not null).Select(pipeline => pipeline.Name)];
        if (unreadable.Length > 0) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(unreadable.Length == 0 ? "ready" : "cannot be read: " + string.Join(", ", unreadable));
    }

    public static async Task Write(HttpContext context, PipelineSet pipelines, TimeProvider time)
    {
        StringBuilder page = new("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>VerseEtl</title><style>body{font:16px system-ui;margin:2em}td,th{text-align:left;padding:.3em 1.2em .3em 0}</style><h1>VerseEtl</h1><table><tr><th>pipeline<th>next run<th>last run<th>snapshot<th></tr>");
        foreach (Pipeline pipeline in pipelines.Pipelines)
        {
            (Snapshot? current, RunRecord? last, string? trouble) = Look(pipeline);
            DateTimeOffset? next = pipeline.Schedule is Schedule schedule ? ScheduledInstants.Next(schedule, time.GetUtcNow()) : null;
            Cells(page, pipeline.Name, next is null ? "not scheduled" : At(next.Value), last is null ? "none" : $"{At(last.StartedUtc)}: {last.Outcome}{(last.ExitCode is int code ? ", exit " + Number(code) : "")}",
                trouble ?? (current is null ? "none" : $"{Number(current.Sequence)} of {At(current.CommittedUtc)}, {Number(current.Manifest.ScansFound)} scans"));
            page.Append(current is null ? "<td></tr>" : $"<td><a href=\"/audit/{WebUtility.HtmlEncode(pipeline.Name)}\">audit</a></tr>");
        }
        page.Append("</table><p><a href=\"/hangfire\">scheduler</a></html>");
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page.ToString());
    }

    /// <summary>The audit page of the current snapshot.</summary>
    public static async Task Audit(HttpContext context, PipelineSet pipelines, string name)
    {
        string? file = pipelines.Find(name) is Pipeline pipeline && Look(pipeline).Current is Snapshot current ? Path.Join(current.Directory, "audit.html") : null;
        if (!File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.SendFileAsync(file);
    }

    private static (Snapshot? Current, RunRecord? Last, string? Trouble) Look(Pipeline pipeline)
    {
        if (!Directory.Exists(Path.Join(pipeline.Load.Path, "commits"))) return (null, null, null);
        try
        {
            Warehouse warehouse = Warehouse.OpenForReading(pipeline.Load.Path);
            return (warehouse.Current, warehouse.Runs(newest: 1) is [.., RunRecord last] ? last : null, null);
        }
        catch (StorageException storage)
        {
            return (null, null, storage.Code);
        }
    }

    private static void Cells(StringBuilder page, params ReadOnlySpan<string> cells)
    {
        page.Append("<tr>");
        foreach (string cell in cells) page.Append("<td>").Append(WebUtility.HtmlEncode(cell));
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
