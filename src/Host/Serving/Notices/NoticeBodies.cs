using System.Text.Json.Nodes;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>A notice as the body of a post: our own JSON, or what a chat program makes a message of.</summary>
internal static class NoticeBodies
{
    private const int LongestHeader = 150;

    public static string Of(Notice notice, NoticeFormat format) => format switch
    {
        NoticeFormat.Slack => Slack(notice).ToJsonString(),
        NoticeFormat.Teams => Teams(notice).ToJsonString(),
        _ => Json.Text(notice),
    };

    /// <summary>Blocks, and the text that a notification shows.</summary>
    private static JsonObject Slack(Notice notice)
    {
        string header = notice.Text.Length > LongestHeader ? notice.Text[..LongestHeader] : notice.Text;
        JsonArray blocks =
        [
            new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = header } },
            Section(string.Join('\n', notice.Lines.Select(Escaped))),
        ];
        if (notice.Link is string link) blocks.Add(Section($"<{link}|The run>"));
        return new JsonObject { ["text"] = Escaped(notice.Text), ["blocks"] = blocks };

        static JsonNode Section(string text) => new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = text } };
    }

    /// <summary>A message with one adaptive card, as a workflow's webhook takes it. Runs of text are no markdown.</summary>
    private static JsonObject Teams(Notice notice)
    {
        JsonArray body = [Text(notice.Text, ("weight", "Bolder"), ("size", "Medium"))];
        foreach (string line in notice.Lines) body.Add(Text(line));
        JsonObject card = new()
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = body,
        };
        if (notice.Link is string link)
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "The run", ["url"] = link });
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card }),
        };

        static JsonNode Text(string text, params (string Name, string Value)[] looks)
        {
            JsonObject run = new() { ["type"] = "TextRun", ["text"] = text };
            foreach ((string name, string value) in looks) run[name] = value;
            return new JsonObject { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(run) };
        }
    }

    // the three characters that Slack reads
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
