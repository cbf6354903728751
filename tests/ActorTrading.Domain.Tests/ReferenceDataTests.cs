using ActorTrading.TestKit;

namespace ActorTrading.Domain.Tests;

public class ReferenceDataTests
{
    [ReferenceFact]
    public void PlainAndPackedFiles_AreBothReadAsLines()
    {
        Assert.NotEmpty(ReferenceData.Lines("bars", "msft_1d_1990.csv"));
        Assert.NotEmpty(ReferenceData.Lines("bars", "coinbase_btcusd_1m.csv.gz"));
    }
}
