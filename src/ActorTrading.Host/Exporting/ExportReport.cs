namespace ActorTrading.Host.Exporting;

/// <summary>What a run of an export came to.</summary>
internal sealed class ExportReport
{
    /// <summary>Records written by this run.</summary>
    public long Records { get; set; }

    /// <summary>Records of kinds that the form has no words for.</summary>
    public long LeftOut { get; set; }

    /// <summary>Records that are excluded.</summary>
    public long Excluded { get; set; }

    /// <summary>Advances of the clock, which are no records.</summary>
    public long Clocks { get; set; }

    /// <summary>Symbols whose first events the journal no longer has.</summary>
    public long Beheaded { get; set; }

    /// <summary>The position of the last event that was read.</summary>
    public long Position { get; set; }

    /// <summary>What stopped it before the journal's end; null if nothing.</summary>
    public string? Damage { get; set; }
}
