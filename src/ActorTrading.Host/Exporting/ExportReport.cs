namespace ActorTrading.Host.Exporting;

/// <summary>The result of an export run.</summary>
internal sealed class ExportReport
{
    /// <summary>Number of records that this run has written.</summary>
    public long Records { get; set; }

    /// <summary>Number of records whose kind the format cannot represent.</summary>
    public long LeftOut { get; set; }

    /// <summary>Number of excluded records.</summary>
    public long Excluded { get; set; }

    /// <summary>Number of clock advances, which are not records.</summary>
    public long Clocks { get; set; }

    /// <summary>Number of symbols whose first events were deleted from the journal.</summary>
    public long Beheaded { get; set; }

    /// <summary>The position of the last event read.</summary>
    public long Position { get; set; }

    /// <summary>The damage that stopped the export before the end of the journal; null for none.</summary>
    public string? Damage { get; set; }
}
