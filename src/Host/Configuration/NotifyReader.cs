using System.Net;
using System.Text.RegularExpressions;
using MimeKit;

namespace VerseEtl.Host.Configuration;

/// <summary>Reads whom to tell: one mapping, or a list of them.</summary>
internal static partial class NotifyReader
{
    private const int MostPorts = 65_535;

    private static readonly string[] Encryptions = ["starttls", "tls", "none"];

    /// <param name="folder">In which relative paths begin.</param>
    public static IReadOnlyList<Notify> Read(YamlMapping pipeline, string folder, Problems problems)
    {
        IReadOnlyList<YamlMapping> maps = pipeline.Find("notify") is { Items: not null } ? pipeline.Mappings("notify") ?? []
            : pipeline.Mapping("notify") is YamlMapping one ? [one] : [];
        Notify[] read = [.. maps.Select(map => ReadOne(map, folder, problems)).OfType<Notify>()];
        foreach (IGrouping<string, Notify> twice in read.GroupBy(notify => notify.ToString()).Where(same => same.Count() > 1))
            problems.Add(pipeline.Find("notify")!, ConfigCodes.Range, $"'notify' has {twice.Key} twice; keep one");
        return read.Length == 0 ? Array.Empty<Notify>() : read;
    }

    private static Notify? ReadOne(YamlMapping map, string folder, Problems problems)
    {
        (string? variable, string? file) = Secret(map, "url", "address", problems);
        MailSettings? mail = map.Mapping("mail") is YamlMapping mailMap ? ReadMail(mailMap, folder, problems) : null;
        bool posts = map.Find("url_variable") is not null || map.Find("url_file") is not null, mails = map.Find("mail") is not null;
        if (posts && mails) problems.Add(map.Find("mail")!, ConfigCodes.Range, "'mail' and an address to post to exclude each other; make 'notify' a list");
        else if (!posts && !mails) map.Missing("url_variable");
        NoticeFormat format = (NoticeFormat)Word(map, "format", [.. Enum.GetNames<NoticeFormat>().Select(name => name.ToLowerInvariant())], problems);
        if (mails && map.Find("format") is YamlValue shape) problems.Add(shape, ConfigCodes.Range, "'format' is about what is posted; mail has none");
        bool names = map.Flag("name_scans", false);
        map.RefuseOthers();
        if (variable is null && file is null && mail is null) return null;
        return new Notify(variable, Absolute(file, folder)) { Format = format, Mail = mail, NameScans = names };
    }

    private static MailSettings? ReadMail(YamlMapping map, string folder, Problems problems)
    {
        string? server = map.Text("server"), from = Address(map, "from", problems), to = Address(map, "to", problems), user = map.Text("user");
        foreach (string needed in new[] { "server", "from", "to" })
            if (map.Find(needed) is null) map.Missing(needed);
        int port = (int)map.Whole("port", MailSettings.SubmissionPort, 1, MostPorts);
        MailEncryption encryption = (MailEncryption)Word(map, "encryption", Encryptions, problems);
        (string? variable, string? file) = Secret(map, "login", "password", problems);
        if (user is not null && variable is null && file is null) map.Missing("login_variable");
        if (user is null && (variable ?? file) is not null) map.Missing("user");
        if (user is not null && encryption == MailEncryption.None && !IsLoopback(server))
            problems.Add(map.Find("encryption")!, ConfigCodes.Range, "'encryption: none' would send the password in the clear; use starttls or tls");
        map.RefuseOthers();
        if (server is null || from is null || to is null) return null;
        return new MailSettings
        {
            Server = server, Port = port, Encryption = encryption, From = from, To = to,
            User = user, LoginVariable = variable, LoginFile = Absolute(file, folder),
        };
    }

    /// <summary>Where a secret is: the name of a variable or of a file, never both.</summary>
    private static (string? Variable, string? File) Secret(YamlMapping map, string name, string what, Problems problems)
    {
        string? variable = map.Text(name + "_variable"), file = map.Text(name + "_file");
        if (variable is not null && file is not null)
            problems.Add(map.Find(name + "_file")!, ConfigCodes.Range, $"'{name}_variable' and '{name}_file' exclude each other; keep one");
        if (variable is not null && !VariablePattern().IsMatch(variable))
            problems.Add(map.Find(name + "_variable")!, variable.Contains("://", StringComparison.Ordinal) ? ConfigCodes.SecretInline : ConfigCodes.Range,
                $"'{name}_variable' must be the name of an environment variable that holds the {what}");
        return (variable, file);
    }

    /// <summary>The place of a word among those that are known; the first where it is left out.</summary>
    private static int Word(YamlMapping map, string key, string[] known, Problems problems)
    {
        string word = map.Text(key, known[0])!;
        int at = Array.IndexOf(known, word);
        if (at < 0)
            problems.Add(map.Find(key)!, ConfigCodes.Range, $"'{key}' must be {string.Join(", ", known)}, found '{word}'{NearestName.Hint(word, known)}");
        return Math.Max(0, at);
    }

    private static string? Address(YamlMapping map, string key, Problems problems)
    {
        if (map.Text(key) is not string text) return null;
        if (InternetAddressList.TryParse(text, out InternetAddressList? list) && list.Count > 0
            && list.Mailboxes.All(box => box.Address.Contains('@', StringComparison.Ordinal)) && (key != "from" || list.Count == 1)) return text;
        problems.Add(map.Find(key)!, ConfigCodes.Range, $"'{key}' must be {(key == "from" ? "a mail address" : "mail addresses with commas between")}");
        return null;
    }

    private static bool IsLoopback(string? server) =>
        server == "localhost" || (IPAddress.TryParse(server, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string? Absolute(string? path, string folder) =>
        path is null ? null : System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, folder));

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}$", RegexOptions.CultureInvariant)]
    private static partial Regex VariablePattern();
}
