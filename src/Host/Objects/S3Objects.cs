using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Objects;

namespace VerseEtl.Host.Objects;

/// <summary>
/// A place in S3, or in a store that speaks like it. Credentials, region and endpoint are the SDK's business: environment, profiles, roles. An
/// endpoint of one's own (`AWS_ENDPOINT_URL`) is asked by path, as Ceph and MinIO expect.
/// </summary>
internal sealed class S3Objects(IAmazonS3 client, ObjectUrl url) : IObjectSource, IObjectStore
{
    private const int Attempts = 4;

    public string Place => url.ToString();

    /// <summary>The client that the environment describes.</summary>
    /// <exception cref="AmazonClientException">No region, or a profile that cannot be used.</exception>
    public static AmazonS3Client Client(Func<string, string?> environment)
    {
        AmazonS3Config config = new()
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = Attempts - 1,
            Timeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // other stores than AWS's know no checksums in trailers; what is put is signed with its SHA-256
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (OwnEndpoint(environment) is string endpoint)
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = environment("AWS_REGION") is { Length: > 0 } region ? region : "us-east-1";
        }
        return new AmazonS3Client(config);
    }

    IEnumerable<StoredObject> IObjectSource.List(string prefix, CancellationToken token)
    {
        using IEnumerator<StoredObject> listed = ListAll(prefix, token).ToBlockingEnumerable(token).GetEnumerator();
        while (true)
        {
            try
            {
                if (!listed.MoveNext()) yield break;
            }
            catch (Exception error) when (FaultOf(error) is StoreFault fault)
            {
                throw (fault.Kind == StoreFaultKind.Forbidden ? fault with { Kind = StoreFaultKind.Credentials } : fault).OfSource(Place);
            }
            yield return listed.Current;
        }
    }

    public StoredObject? Look(string key) => Asked(() =>
    {
        try
        {
            GetObjectMetadataResponse seen = client.GetObjectMetadataAsync(url.Container, url.Full(key)).GetAwaiter().GetResult();
            return new StoredObject(key, seen.ContentLength, seen.ETag, seen.LastModified!.Value.ToUniversalTime());
        }
        catch (Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public Stream? Open(StoredObject seen, long offset) => Asked(() =>
    {
        GetObjectRequest request = new() { BucketName = url.Container, Key = url.Full(seen.Key), EtagToMatch = seen.ETag };
        if (offset > 0) request.ByteRange = new ByteRange($"bytes={offset}-");
        try
        {
            return client.GetObjectAsync(request).GetAwaiter().GetResult().ResponseStream;
        }
        catch (Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.Precondition })
        {
            return null;
        }
    });

    public async Task<IReadOnlyList<PutObject>> List(string prefix, CancellationToken token)
    {
        List<PutObject> all = [];
        return await Told(async () =>
        {
            await foreach (StoredObject listed in ListAll(prefix, token)) all.Add(new PutObject(listed.Key, listed.Bytes));
            return all;
        });
    }

    public Task<byte[]?> Get(string key, CancellationToken token) => Told(async () =>
    {
        try
        {
            using GetObjectResponse response = await client.GetObjectAsync(url.Container, url.Full(key), token);
            using MemoryStream content = new();
            await response.ResponseStream.CopyToAsync(content, token);
            return content.ToArray();
        }
        catch (AmazonS3Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public Task Put(string key, Stream content, CancellationToken token) => Told(() => client.PutObjectAsync(Request(key, content), token));

    public Task<bool> TryPut(string key, Stream content, CancellationToken token) => Told(async () =>
    {
        PutObjectRequest request = Request(key, content);
        request.IfNoneMatch = "*";
        try
        {
            await client.PutObjectAsync(request, token);
            return true;
        }
        catch (AmazonS3Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.Precondition })
        {
            return false;
        }
    });

    public Task Delete(string key, CancellationToken token) => Told(() => client.DeleteObjectAsync(url.Container, url.Full(key), token));

    private PutObjectRequest Request(string key, Stream content) => new()
    {
        BucketName = url.Container, Key = url.Full(key), InputStream = content, AutoCloseStream = false, UseChunkEncoding = false,
    };

    private async IAsyncEnumerable<StoredObject> ListAll(string prefix, [EnumeratorCancellation] CancellationToken token)
    {
        string begin = prefix.Length == 0 && url.Prefix.Length == 0 ? "" : url.Full(prefix);
        ListObjectsV2Request request = new() { BucketName = url.Container, Prefix = begin };
        while (true)
        {
            ListObjectsV2Response page = await client.ListObjectsV2Async(request, token);
            foreach (S3Object listed in page.S3Objects ?? [])
                yield return new StoredObject(url.Below(listed.Key), listed.Size ?? 0, listed.ETag, listed.LastModified!.Value.ToUniversalTime());
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private T Asked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfSource(Place);
        }
    }

    private async Task<T> Told<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfDestination(Place);
        }
    }

    private static string? OwnEndpoint(Func<string, string?> environment) =>
        environment("AWS_ENDPOINT_URL_S3") is { Length: > 0 } own ? own : environment("AWS_ENDPOINT_URL") is { Length: > 0 } any ? any : null;

    /// <summary>Null for what is no failure of the store.</summary>
    private static StoreFault? FaultOf(Exception error) => error switch
    {
        AmazonS3Exception s3 => new StoreFault(KindOf(s3),
            Invariant($"{(s3.ErrorCode is { Length: > 0 } code ? code : "no code")}, status {(int)s3.StatusCode}")),
        AmazonServiceException { StatusCode: > 0 } service =>
            new StoreFault(StoreFaultKind.Credentials, Invariant($"{service.ErrorCode}, status {(int)service.StatusCode}")),
        AmazonServiceException or AmazonUnmarshallingException => new StoreFault(StoreFaultKind.Passing, "no whole answer"),
        AmazonClientException => new StoreFault(StoreFaultKind.Credentials, "no credentials or no region were found"),
        HttpRequestException http => new StoreFault(StoreFaultKind.Passing, Invariant($"no connection ({http.HttpRequestError})")),
        TaskCanceledException { InnerException: TimeoutException } or TimeoutException => new StoreFault(StoreFaultKind.Passing, "no answer in time"),
        IOException io when io.GetType() == typeof(IOException) || io is HttpIOException => new StoreFault(StoreFaultKind.Passing, "the connection was cut"),
        _ => null,
    };

    private static StoreFaultKind KindOf(AmazonS3Exception error) => error switch
    {
        { ErrorCode: "NoSuchBucket" } => StoreFaultKind.NoContainer,
        { StatusCode: HttpStatusCode.NotFound } => StoreFaultKind.NoObject,
        { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict } => StoreFaultKind.Precondition,
        // an answer to HEAD has no body, and so no code of its own
        { ErrorCode: "AccessDenied" or "Forbidden" } => StoreFaultKind.Forbidden,
        { ErrorCode: "ExpiredToken" or "ExpiredTokenException" or "InvalidToken" or "TokenRefreshRequired" } => StoreFaultKind.Credentials,
        { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => StoreFaultKind.Credentials,
        _ => StoreFaultKind.Passing,
    };
}
