namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Gzip = new("gzip");

    public static readonly Fault GzEmpty = Gzip.Declare("GZ_EMPTY", Severity.Error,
        "the file has 0 bytes", "copy it again from the source");

    public static readonly Fault GzNotGzip = Gzip.Declare("GZ_NOT_GZIP", Severity.Error,
        "the file does not start as gzip", "replace it by the original .nii.gz");

    public static readonly Fault GzPlainNifti = Gzip.Declare("GZ_PLAIN_NIFTI", Severity.Warning,
        "plain NIfTI under a .gz name was read as it is", "rename it to .nii or compress it");

    public static readonly Fault GzHeader = Gzip.Declare("GZ_HEADER", Severity.Error,
        "the gzip header is damaged", "copy the file again");

    public static readonly Fault GzTruncated = Gzip.Declare("GZ_TRUNCATED", Severity.Error,
        "the gzip stream ends early", "copy the file again, it is incomplete");

    public static readonly Fault GzCrc = Gzip.Declare("GZ_CRC", Severity.Error,
        "the CRC-32 of a gzip member differs from its content", "copy the file again, it is damaged");

    public static readonly Fault GzIsize = Gzip.Declare("GZ_ISIZE", Severity.Error,
        "the length a gzip member states differs from its content", "copy the file again, it is damaged");

    public static readonly Fault GzDeflate = Gzip.Declare("GZ_DEFLATE", Severity.Error,
        "the compressed data is invalid", "copy the file again, it is damaged");

    public static readonly Fault GzMultiMember = Gzip.Declare("GZ_MULTI_MEMBER", Severity.Warning,
        "the file is made of several gzip members", "nothing needs doing; compress it anew to be rid of this");

    public static readonly Fault GzMemberFlood = Gzip.Declare("GZ_MEMBER_FLOOD", Severity.Error,
        "the file has more empty gzip members than any genuine file", "compress it anew");

    public static readonly Fault GzTrailing = Gzip.Declare("GZ_TRAILING", Severity.Warning,
        "bytes follow the last gzip member", "copy the file again if this is unexpected");

    public static readonly Fault GzTrailingLong = Gzip.Declare("GZ_TRAILING", Severity.Error,
        "more than 1 MiB follows the last gzip member", "copy the file again, it is not what it was");

    public static readonly Fault GzLong = Gzip.Declare("GZ_LONG", Severity.Error,
        "the data is longer than the NIfTI header says", "check the header's dimensions or copy the file again");

    public static readonly Fault GzTooBig = Gzip.Declare("GZ_TOO_BIG", Severity.Error,
        "the file exceeds the size limit and was not read", "raise max_volume_bytes or max_file_bytes in pipelines.yaml if it is genuine");

    public static readonly Fault GzHeaderName = Gzip.Declare("GZ_HEADER_NAME", Severity.Info,
        "the gzip header holds a file name, a comment or an extra field, which may name a person; it was not copied",
        "compress with gzip -n before sharing the file");

    public static readonly Fault GzPointer = Gzip.Declare("GZ_NOT_GZIP", Severity.Error,
        "the file is a pointer to an image that was not fetched", "run git lfs pull, git annex get or datalad get");

    public static readonly Fault GzPage = Gzip.Declare("GZ_NOT_GZIP", Severity.Error,
        "the file is a web page, perhaps of a download that failed or wanted a sign-in", "download the image again");

    public static readonly Fault GzPacked = Gzip.Declare("GZ_NOT_GZIP", Severity.Error,
        "the file is packed, but not as gzip", "unpack it and compress it with gzip");

    public static readonly Fault GzPlain = Gzip.Declare("GZ_NOT_GZIP", Severity.Error,
        "the file is a plain NIfTI under a .gz name", "rename it to .nii, compress it, or set reading.accept_plain in pipelines.yaml");

    public static readonly Fault GzUnderNii = Gzip.Declare("GZ_UNDER_NII", Severity.Warning,
        "gzip under a .nii name was unpacked", "rename it to .nii.gz");
}
