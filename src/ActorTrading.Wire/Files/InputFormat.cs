namespace ActorTrading.Wire.Files;

/// <summary>What a file turned out to hold.</summary>
public enum InputFormat
{
    /// <summary>Nothing at all, or only blanks.</summary>
    Empty,

    /// <summary>One JSON text a line.</summary>
    Ndjson,

    /// <summary>JSON that does not keep to lines.</summary>
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
    /// As outputs spell it: <c>ndjson</c>, <c>json</c>, <c>csv</c>, <c>binary</c>, <c>gzip</c>, <c>zip</c>, <c>parquet</c>.
    /// </summary>
    public static string Name(this InputFormat format) => format.ToString().ToLowerInvariant();
}
