using ParquetSharp;

namespace VerseEtl.ParquetBench;

/// <summary>A flat file's columns in memory, row group by row group, as Arrow C++ reads them and writes them again.</summary>
internal sealed class ArrowTable
{
    private readonly List<ParquetSharp.Column> _columns = [];
    private readonly List<Array[]> _groups = [];

    public static ArrowTable Read(string path)
    {
        ArrowTable table = new();
        using ParquetFileReader reader = new(path);
        for (int group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader rows = reader.RowGroup(group);
            int count = checked((int)rows.MetaData.NumRows);
            Array[] values = new Array[reader.FileMetaData.NumColumns];
            for (int at = 0; at < values.Length; at++)
            {
                using LogicalColumnReader column = rows.Column(at).LogicalReader();
                values[at] = column.Apply(new Whole(count));
                if (group == 0)
                    table._columns.Add(new ParquetSharp.Column(values[at].GetType().GetElementType()!,
                        reader.FileMetaData.Schema.Column(at).Path.ToDotString()));
            }
            table._groups.Add(values);
        }
        return table;
    }

    public void Write(string path, bool dictionaryEverywhere)
    {
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Compression.Zstd);
        if (!dictionaryEverywhere)
            foreach (ParquetSharp.Column column in _columns)
                if (column.LogicalSystemType != typeof(string)) builder.DisableDictionary(column.Name);
        using WriterProperties properties = builder.Build();
        using ParquetFileWriter writer = new(path, [.. _columns], properties);
        foreach (Array[] values in _groups)
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            foreach (Array column in values)
            {
                using LogicalColumnWriter logical = group.NextColumn().LogicalWriter();
                logical.Apply(new Put(column));
            }
        }
        writer.Close();
    }

    private sealed class Whole(int count) : ILogicalColumnReaderVisitor<Array>
    {
        public Array OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) => columnReader.ReadAll(count);
    }

    private sealed class Put(Array values) : ILogicalColumnWriterVisitor<bool>
    {
        public bool OnLogicalColumnWriter<TValue>(LogicalColumnWriter<TValue> columnWriter)
        {
            columnWriter.WriteBatch((TValue[])values);
            return true;
        }
    }
}
