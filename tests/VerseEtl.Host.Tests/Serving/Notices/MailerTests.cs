using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving.Notices;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Serving.Notices;

public sealed class MailerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_becomes_a_message_to_each_receiver()
    {
        await using MailServer server = new();
        Assert.Null(await new Mailer(new FixedTime()).Send(Settings(server), Notice(), NoVariables, Token));
        Assert.Equal(["MAIL FROM:<verse@example.org>", "RCPT TO:<night@example.org>", "RCPT TO:<lab@example.org>", "DATA", "QUIT"],
            server.Said.Where(line => !line.StartsWith("EHLO", StringComparison.Ordinal)));
        using MemoryStream text = new(System.Text.Encoding.UTF8.GetBytes(Assert.Single(server.Messages)));
        using MimeMessage message = await MimeMessage.LoadAsync(text, Token);
        Assert.Equal(("VerseEtl, pipeline a: 2 scans failed", "auto-generated"), (message.Subject, message.Headers[HeaderId.AutoSubmitted]));
        Assert.Equal("VerseEtl, pipeline a: 2 scans failed\n\nscans: 9 found, 7 ok, 0 with warnings, 2 failed\nfailed: GZ_TRUNCATED x 2, cut\n"
            + "changes: scans: 0 added\nrun r: published, exit 10\n\nThe run: https://verse.example/pipelines/a/runs/r\n",
            message.TextBody!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_server_that_stumbles_is_tried_again_and_one_that_refuses_is_not()
    {
        await using MailServer server = new();
        foreach (string answer in new[] { "451 later", "421 busy", "250 taken", "550 never" }) server.Answers.Enqueue(answer);
        Mailer mailer = new(new FixedTime());
        Assert.Null(await mailer.Send(Settings(server), Notice(), NoVariables, Token));
        Assert.Equal("127.0.0.1 answered 550", await mailer.Send(Settings(server), Notice(), NoVariables, Token));
        Assert.Single(server.Messages);
        Assert.Equal(4, server.Said.Count(line => line == "DATA"));
    }

    [Fact]
    public async Task The_password_goes_only_over_a_connection_that_is_encrypted_to_a_server_that_is_trusted()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using MailServer server = new() { Certificate = certificate }, plain = new();
        MailSettings settings = Settings(server) with { Encryption = MailEncryption.StartTls, User = "verse", LoginVariable = "LOGIN" };
        Mailer trusting = new(new FixedTime()) { Trust = (_, seen, _, _) => seen?.GetCertHashString() == certificate.GetCertHashString() };

        Assert.Equal("127.0.0.1 could not be encrypted to, or its certificate is not trusted",
            await new Mailer(new FixedTime()).Send(settings, Notice(), Password("hunter2"), Token));
        Assert.Equal("127.0.0.1 cannot do what is asked (encryption, or the sign-in)",
            await trusting.Send(settings with { Port = plain.Port }, Notice(), Password("hunter2"), Token));
        Assert.DoesNotContain(server.Said.Concat(plain.Said), line => line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Equal("the environment variable LOGIN is not set", await trusting.Send(settings, Notice(), NoVariables, Token));
        Assert.Equal("127.0.0.1 refused user and password", await trusting.Send(settings, Notice(), Password("guess"), Token));
        Assert.Empty(server.Messages);
        Assert.Null(await trusting.Send(settings, Notice(), Password("hunter2"), Token));
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_of()
    {
        MailServer gone = new();
        MailSettings settings = Settings(gone);
        await gone.DisposeAsync();
        Assert.Equal("127.0.0.1 did not answer (SocketException)", await new Mailer(new FixedTime()).Send(settings, Notice(), NoVariables, Token));
    }

    private static string? NoVariables(string name) => null;

    private static Func<string, string?> Password(string password) => name => name == "LOGIN" ? password : null;

    private static MailSettings Settings(MailServer server) => new()
    {
        Server = IPAddress.Loopback.ToString(), Port = server.Port, Encryption = MailEncryption.None,
        From = "VerseEtl <verse@example.org>", To = "night@example.org, Lab <lab@example.org>",
    };

    private static Notice Notice() => new()
    {
        Event = "scans_failed", Text = "VerseEtl, pipeline a: 2 scans failed", Pipeline = "a", RunId = "r", At = DateTimeOffset.UnixEpoch,
        Ending = RunEnding.Published, ExitCode = 10, ScansFound = 9, ScansOk = 7, ScansFailed = 2, Codes = [], Findings = [],
        Failed = [new NoticeFailure("GZ_TRUNCATED", 2, "cut", [])], Changes = ["scans: 0 added"], Link = "https://verse.example/pipelines/a/runs/r",
    };
}
