using Amazon.Runtime;
using Amazon.S3;
using Azure.Storage.Blobs;
using VerseEtl.Extract.Tree;
using VerseEtl.Load.Objects;

namespace VerseEtl.Host.Objects;

/// <summary>Object stores by their addresses, as this process's environment describes them.</summary>
internal static class ObjectStores
{
    // a process that was told too late where to look is asked again
    private static readonly Lazy<AmazonS3Client> S3 =
        new(() => S3Objects.Client(Environment.GetEnvironmentVariable), LazyThreadSafetyMode.PublicationOnly);

    /// <exception cref="UnauthorizedAccessException">The environment says nothing that could be asked.</exception>
    public static IObjectSource Source(ObjectUrl url)
    {
        try
        {
            return url.Scheme == ObjectUrl.S3 ? new S3Objects(S3.Value, url) : new AzureObjects(Azure(url), url);
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfSource(url.ToString());
        }
    }

    /// <exception cref="Load.Storage.StorageException">The environment says nothing that could be asked.</exception>
    public static IObjectStore Destination(ObjectUrl url)
    {
        try
        {
            return url.Scheme == ObjectUrl.S3 ? new S3Objects(S3.Value, url) : new AzureObjects(Azure(url), url);
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfDestination(url.ToString());
        }
    }

    private static BlobContainerClient Azure(ObjectUrl url) =>
        AzureObjects.Client(url.Container, Environment.GetEnvironmentVariable) ?? throw new FormatException("no account");

    private static StoreFault? FaultOf(Exception error) => error switch
    {
        AmazonClientException => new StoreFault(StoreFaultKind.Credentials,
            "no region was found; set AWS_REGION, or AWS_ENDPOINT_URL for a store of one's own"),
        FormatException or UriFormatException => new StoreFault(StoreFaultKind.Credentials,
            "set AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT to what Azure shows for the account"),
        _ => null,
    };
}
