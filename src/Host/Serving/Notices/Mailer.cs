using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Polly;
using Polly.Retry;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>Sends notices as mail. The password comes from the environment or a file, and goes only to a server that encrypts or is this machine.</summary>
internal sealed class Mailer
{
    private const int Retries = 4;
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline _tries;

    public Mailer(TimeProvider time)
    {
        _tries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(2),
                // an answer that will be the same the next time is not asked for again
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception switch
                {
                    SmtpCommandException refused => (int)refused.StatusCode is >= 400 and < 500,
                    SslHandshakeException => false,
                    SocketException or IOException or ProtocolException or OperationCanceledException => true,
                    _ => false,
                }),
            })
            .Build();
    }

    /// <summary>Whether a server's certificate is trusted; null as the system says.</summary>
    public RemoteCertificateValidationCallback? Trust { get; init; }

    /// <returns>Null if it was taken, else why not, without the password.</returns>
    public async Task<string?> Send(MailSettings settings, Notice notice, Func<string, string?> environment, CancellationToken token)
    {
        string? password;
        try
        {
            password = settings.User is null ? null : Password(settings, environment);
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return error.Message;
        }
        try
        {
            await _tries.ExecuteAsync(async attempt => await Once(settings, password, notice, attempt), token);
            return null;
        }
        catch (SmtpCommandException refused)
        {
            return Invariant($"{settings.Server} answered {(int)refused.StatusCode}");
        }
        catch (AuthenticationException)
        {
            return $"{settings.Server} refused user and password";
        }
        catch (SslHandshakeException)
        {
            return $"{settings.Server} could not be encrypted to, or its certificate is not trusted";
        }
        catch (Exception error) when (error is NotSupportedException or SocketException or IOException or ProtocolException
            || (error is OperationCanceledException && !token.IsCancellationRequested))
        {
            string why = error is NotSupportedException ? "cannot do what is asked (encryption, or the sign-in)" : $"did not answer ({error.GetType().Name})";
            return $"{settings.Server} {why}";
        }
    }

    /// <exception cref="IOException">There is none, or others may read its file.</exception>
    private static string Password(MailSettings settings, Func<string, string?> environment)
    {
        string? text = settings.LoginFile is string file ? SecretFile.Read(file) : environment(settings.LoginVariable!);
        return string.IsNullOrEmpty(text) ? throw new IOException($"the environment variable {settings.LoginVariable} is not set") : text;
    }

    private async Task Once(MailSettings settings, string? password, Notice notice, CancellationToken token)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(OneTry);
        using MimeMessage message = Message(settings, notice);
        using SmtpClient client = new() { CheckCertificateRevocation = false, ServerCertificateValidationCallback = Trust };
        SecureSocketOptions encryption = settings.Encryption switch
        {
            MailEncryption.Tls => SecureSocketOptions.SslOnConnect,
            MailEncryption.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(settings.Server, settings.Port, encryption, limit.Token);
        if (password is not null) await client.AuthenticateAsync(settings.User!, password, limit.Token);
        await client.SendAsync(message, limit.Token);
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception error) when (error is IOException or ProtocolException or OperationCanceledException)
        {
            // it was taken; sending it again would tell it twice
        }
    }

    private static MimeMessage Message(MailSettings settings, Notice notice)
    {
        MimeMessage message = new() { Subject = notice.Text, Date = notice.At };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.AddRange(InternetAddressList.Parse(settings.To));
        // so that no absence is answered with
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        IEnumerable<string> lines = notice.Link is string link ? notice.Lines.Append("").Append($"The run: {link}") : notice.Lines;
        message.Body = new TextPart("plain") { Text = string.Join("\r\n", lines.Prepend("").Prepend(notice.Text).Append("")) };
        return message;
    }
}
