namespace ActorTrading.Wire.Files;

/// <summary>Formats of input files.</summary>
public enum InputFormat
{
    /// <summary>Empty, or only blanks.</summary>
    Empty,

    /// <summary>One JSON text per line.</summary>
    Ndjson,

    /// <summary>JSON that is not one text per line.</summary>
    Json,

    /// <summary>A table with a header.</summary>
    Csv,

    /// <summary>The binary stream.</summary>
    Binary,

    /// <summary>A gzip file, any number of members.</summary>
    Gzip,

    /// <summary>A zip archive.</summary>
    Zip,

    /// <summary>Columns in Apache Parquet, read by the command line only.</summary>
    Parquet,
}

/// <summary>Names of formats.</summary>
public static class InputFormats
{
    /// <summary>
    /// The name in outputs: <c>ndjson</c>, <c>json</c>, <c>csv</c>, <c>binary</c>, <c>gzip</c>, <c>zip</c>, <c>parquet</c>.
    /// </summary>
    public static string Name(this InputFormat format) => format.ToString().ToLowerInvariant();
}
