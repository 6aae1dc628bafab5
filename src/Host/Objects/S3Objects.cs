using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Host.Objects;

/// <summary>
/// A place in S3, or in a store that speaks like it. Credentials, region and endpoint are the SDK's business: environment, profiles, roles. An
/// endpoint of one's own (`AWS_ENDPOINT_URL`) is asked by path, as Ceph and MinIO expect.
/// </summary>
internal sealed class S3Objects(IAmazonS3 client, ObjectUrl url) : RemoteObjects(url)
{
    private const int Attempts = 4;

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

    public override StoredObject? Look(string key) => Asked(() =>
    {
        try
        {
            GetObjectMetadataResponse seen = client.GetObjectMetadataAsync(Url.Container, Url.Full(key)).GetAwaiter().GetResult();
            return new StoredObject(key, seen.ContentLength, seen.ETag, seen.LastModified!.Value.ToUniversalTime());
        }
        catch (Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public override Stream? Open(StoredObject seen, long offset) => Asked(() =>
    {
        GetObjectRequest request = new() { BucketName = Url.Container, Key = Url.Full(seen.Key), EtagToMatch = seen.ETag };
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

    public override Task<byte[]?> Get(string key, CancellationToken token) => Told(async () =>
    {
        try
        {
            using GetObjectResponse response = await client.GetObjectAsync(Url.Container, Url.Full(key), token);
            using MemoryStream content = new();
            await response.ResponseStream.CopyToAsync(content, token);
            return content.ToArray();
        }
        catch (AmazonS3Exception error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public override Task Put(string key, Stream content, CancellationToken token) => Told(() => client.PutObjectAsync(Request(key, content), token));

    public override Task<bool> TryPut(string key, Stream content, CancellationToken token) => Told(async () =>
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

    public override Task Delete(string key, CancellationToken token) => Told(() => client.DeleteObjectAsync(Url.Container, Url.Full(key), token));

    private PutObjectRequest Request(string key, Stream content) => new()
    {
        BucketName = Url.Container, Key = Url.Full(key), InputStream = content, AutoCloseStream = false, UseChunkEncoding = false,
    };

    protected override async IAsyncEnumerable<StoredObject> ListAll(string begin, [EnumeratorCancellation] CancellationToken token)
    {
        ListObjectsV2Request request = new() { BucketName = Url.Container, Prefix = begin };
        while (true)
        {
            ListObjectsV2Response page = await client.ListObjectsV2Async(request, token);
            foreach (S3Object listed in page.S3Objects ?? [])
                yield return new StoredObject(Url.Below(listed.Key), listed.Size ?? 0, listed.ETag, listed.LastModified!.Value.ToUniversalTime());
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private static string? OwnEndpoint(Func<string, string?> environment) =>
        environment("AWS_ENDPOINT_URL_S3") is { Length: > 0 } own ? own : environment("AWS_ENDPOINT_URL") is { Length: > 0 } any ? any : null;

    protected override StoreFault? FaultOf(Exception error) => error switch
    {
        AmazonS3Exception s3 => new StoreFault(KindOf(s3),
            Invariant($"{(s3.ErrorCode is { Length: > 0 } code ? code : "no code")}, status {(int)s3.StatusCode}")),
        AmazonServiceException { StatusCode: > 0 } service =>
            new StoreFault(StoreFaultKind.Credentials, Invariant($"{service.ErrorCode}, status {(int)service.StatusCode}")),
        AmazonServiceException or AmazonUnmarshallingException => new StoreFault(StoreFaultKind.Passing, "no whole answer"),
        AmazonClientException => new StoreFault(StoreFaultKind.Credentials, "no credentials or no region were found"),
        HttpRequestException http => new StoreFault(StoreFaultKind.Passing, Invariant($"no connection ({http.HttpRequestError})")),
        _ => base.FaultOf(error),
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
