using System.Net;
using System.Text;
using Polly.Retry;
using Polly;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Notices;

/// <summary>Posts notices. The address is a secret: it comes from the environment or a file, and is never told but for its host.</summary>
internal sealed class Webhook : IDisposable
{
    private const int Retries = 4;
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    private readonly ResiliencePipeline<HttpStatusCode> _tries;

    public Webhook(TimeProvider time)
    {
        _tries = new ResiliencePipelineBuilder<HttpStatusCode> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpStatusCode>
            {
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(2),
                // an answer that will be the same the next time is not asked for again
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome switch
                {
                    { Exception: { } error } => error is HttpRequestException or OperationCanceledException,
                    { Result: var code } => code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
                }),
            })
            .Build();
    }

    public void Dispose() => _client.Dispose();

    /// <returns>Null if it was taken, else why not, without the address.</returns>
    public async Task<string?> Post(Notify notify, Notice notice, Func<string, string?> environment, CancellationToken token)
    {
        Uri url;
        try
        {
            url = Address(notify, environment);
        }
        catch (Exception error) when (error is UriFormatException || StorageException.Covers(error))
        {
            return error.Message;
        }
        try
        {
            HttpStatusCode status = await _tries.ExecuteAsync(async attempt => await Once(url, NoticeBodies.Of(notice, notify.Format), attempt), token);
            return (int)status is >= 200 and < 300 ? null : $"{url.Host} answered {(int)status}";
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !token.IsCancellationRequested))
        {
            return $"{url.Host} did not answer ({(error as HttpRequestException)?.HttpRequestError.ToString() ?? "in time"})";
        }
    }

    /// <exception cref="IOException">There is none, or others may read its file.</exception>
    /// <exception cref="UriFormatException">It is no address that a secret may be sent to.</exception>
    public static Uri Address(Notify notify, Func<string, string?> environment)
    {
        string? text = notify.UrlFile is string file ? SecretFile.Read(file) : environment(notify.UrlVariable!);
        if (string.IsNullOrWhiteSpace(text)) throw new IOException($"the environment variable {notify.UrlVariable} is not set");
        // the exception of the framework would repeat the address
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? url)
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            throw new UriFormatException("the webhook's address must be https, or http on this machine");
        return url;
    }

    private async Task<HttpStatusCode> Once(Uri url, string body, CancellationToken token)
    {
        // by the real clock: what is waited for is a real network
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(OneTry);
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = content };
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return response.StatusCode;
    }
}
