using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace VerseEtl.Host.AuditPage;

/// <summary>
/// Markup with every interpolated value encoded: `html.Add($"&lt;td&gt;{name}&lt;/td&gt;")`. A value of this type is markup already and stays
/// as it is, so text from file names can never become an element or an attribute's end.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _markup = new();

    public HtmlText Add(FormattableString markup)
    {
        object?[] values = markup.GetArguments();
        object?[] encoded = new object?[values.Length];
        for (int at = 0; at < values.Length; at++)
        {
            encoded[at] = values[at] is HtmlText text
                ? text.ToString()
                : HtmlEncoder.Default.Encode(Convert.ToString(values[at], CultureInfo.InvariantCulture) ?? "");
        }
        _markup.AppendFormat(CultureInfo.InvariantCulture, markup.Format, encoded);
        return this;
    }

    public static HtmlText Of(FormattableString markup) => new HtmlText().Add(markup);

    public static HtmlText Join<T>(IEnumerable<T> values, Func<T, FormattableString> markup)
    {
        HtmlText all = new();
        foreach (T value in values) all.Add(markup(value));
        return all;
    }

    /// <summary>Fixed markup of our own (style, symbols), added as it stands.</summary>
    public static HtmlText Own(string markup)
    {
        HtmlText text = new();
        text._markup.Append(markup);
        return text;
    }

    public override string ToString() => _markup.ToString();
}
