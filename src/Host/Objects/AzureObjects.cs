using System.Net;
using System.Runtime.CompilerServices;
using System.Xml;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Host.Objects;

/// <summary>
/// A place in Azure Blob Storage. The account is named by `AZURE_STORAGE_CONNECTION_STRING` or `AZURE_STORAGE_ACCOUNT`; without a key or a shared
/// access signature in the environment Azure.Identity finds who we are.
/// </summary>
internal sealed class AzureObjects(BlobContainerClient client, ObjectUrl url) : RemoteObjects(url)
{
    /// <summary>The client that the environment describes; null where it names no account.</summary>
    public static BlobContainerClient? Client(string container, Func<string, string?> environment)
    {
        BlobClientOptions options = new();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
        if (environment("AZURE_STORAGE_CONNECTION_STRING") is { Length: > 0 } connection) return new BlobContainerClient(connection, container, options);
        if (environment("AZURE_STORAGE_ACCOUNT") is not { Length: > 0 } account) return null;
        string service = environment("AZURE_STORAGE_SERVICE_ENDPOINT") is { Length: > 0 } endpoint
            ? endpoint.TrimEnd('/') : $"https://{account}.blob.core.windows.net";
        Uri place = new($"{service}/{container}");
        if (environment("AZURE_STORAGE_KEY") is { Length: > 0 } key)
            return new BlobContainerClient(place, new StorageSharedKeyCredential(account, key), options);
        if (environment("AZURE_STORAGE_SAS_TOKEN") is { Length: > 0 } signature)
            return new BlobContainerClient(place, new AzureSasCredential(signature.TrimStart('?')), options);
        return new BlobContainerClient(place, new DefaultAzureCredential(), options);
    }

    public override StoredObject? Look(string key) => Asked(() =>
    {
        try
        {
            BlobProperties seen = Blob(key).GetProperties();
            return new StoredObject(key, seen.ContentLength, seen.ETag.ToString(), seen.LastModified);
        }
        catch (RequestFailedException error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public override Stream? Open(StoredObject seen, long offset) => Asked(() =>
    {
        BlobDownloadOptions options = new() { Range = new HttpRange(offset), Conditions = new BlobRequestConditions { IfMatch = new ETag(seen.ETag) } };
        try
        {
            return Blob(seen.Key).DownloadStreaming(options).Value.Content;
        }
        catch (RequestFailedException error) when (FaultOf(error) is { Kind: StoreFaultKind.Precondition })
        {
            return null;
        }
    });

    public override Task<byte[]?> Get(string key, CancellationToken token) => Told(async () =>
    {
        try
        {
            return (await Blob(key).DownloadContentAsync(token)).Value.Content.ToArray();
        }
        catch (RequestFailedException error) when (FaultOf(error) is { Kind: StoreFaultKind.NoObject })
        {
            return null;
        }
    });

    public override Task Put(string key, Stream content, CancellationToken token) => Told(() => Blob(key).UploadAsync(content, new BlobUploadOptions(), token));

    public override Task<bool> TryPut(string key, Stream content, CancellationToken token) => Told(async () =>
    {
        try
        {
            await Blob(key).UploadAsync(content, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, token);
            return true;
        }
        catch (RequestFailedException error) when (FaultOf(error) is { Kind: StoreFaultKind.Precondition })
        {
            return false;
        }
    });

    public override Task Delete(string key, CancellationToken token) => Told(() => Blob(key).DeleteIfExistsAsync(cancellationToken: token));

    private BlobClient Blob(string key) => client.GetBlobClient(Url.Full(key));

    protected override async IAsyncEnumerable<StoredObject> ListAll(string begin, [EnumeratorCancellation] CancellationToken token)
    {
        await foreach (BlobItem listed in client.GetBlobsAsync(new GetBlobsOptions { Prefix = begin }, token))
            yield return new StoredObject(Url.Below(listed.Name), listed.Properties.ContentLength ?? 0, listed.Properties.ETag?.ToString() ?? "",
                listed.Properties.LastModified ?? default);
    }

    protected override StoreFault? FaultOf(Exception error) => error switch
    {
        RequestFailedException { Status: 0 } => new StoreFault(StoreFaultKind.Passing, "no connection"),
        RequestFailedException failed => new StoreFault(KindOf(failed), Invariant($"{failed.ErrorCode ?? "no code"}, status {failed.Status}")),
        AuthenticationFailedException => new StoreFault(StoreFaultKind.Credentials, "no credentials were found, or they were refused"),
        XmlException => new StoreFault(StoreFaultKind.Passing, "no whole answer"),
        AggregateException { InnerException: Exception inner } => FaultOf(inner),
        _ => base.FaultOf(error),
    };

    private static StoreFaultKind KindOf(RequestFailedException error) => error switch
    {
        { ErrorCode: "ContainerNotFound" or "ContainerBeingDeleted" } => StoreFaultKind.NoContainer,
        { Status: (int)HttpStatusCode.NotFound } => StoreFaultKind.NoObject,
        { Status: (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict } => StoreFaultKind.Precondition,
        { ErrorCode: "AuthorizationPermissionMismatch" or "AuthorizationFailure" } => StoreFaultKind.Forbidden,
        { Status: (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized } => StoreFaultKind.Credentials,
        _ => StoreFaultKind.Passing,
    };
}
