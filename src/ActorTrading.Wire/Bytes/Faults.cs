namespace ActorTrading.Wire.Bytes;

/// <summary>Error messages about binary input, for its sender.</summary>
internal static class Faults
{
    public const string Truncated = "ends in the middle of a value";
    public const string BadVarint = "a number is longer than 64 bits or not in its shortest spelling";
    public const string ImpossibleCount = "a count is larger than the bytes that follow could hold";
    public const string BadChecksum = "the checksum does not match";
    public const string TrailingBytes = "bytes follow after the end";
    public const string BadExponent = "a decimal exponent is out of range";
    public const string BadUnits = "more decimals than the maximum";
    public const string BadSymbol = "the symbol is not valid";
    public const string BadSource = "the source name is not valid";
    public const string UnknownSource = "a source number is not in the dictionary";
    public const string UnknownIdentity = "the sender of a row has an unknown encoding";
    public const string UnknownKind = "the kind of record is not known";
    public const string OutOfRange = "a number exceeds the range of 64 bits";
    public const string TextTooLong = "a text is longer than the format allows";
    public const string BadText = "a text is not UTF-8";
    public const string UnknownPlan = "a plan number is not in the list";
    public const string Twice = "the same entry occurs twice";
    public const string UnknownVersion = "the version is not known";
    public const string UnknownManifest = "the manifest is not known";
    public const string EmptyRun = "a run or an event holds no record";
}
