using ActorTrading.Domain.Values;
using NodaTime;

namespace ActorTrading.Calendars.Tests;

public class LocalClockTests
{
    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/London")]
    [InlineData("Australia/Lord_Howe")] // half an hour in summer
    [InlineData("Asia/Kolkata")]
    [InlineData("Pacific/Apia")] // has no 30 December 2011
    [InlineData("America/Sao_Paulo")] // skipped midnights
    [InlineData("UTC")]
    public void EveryQuarterOfAnHour_IsThatOfTheLibrary_TwiceAndSkippedOnesToo(string name)
    {
        var zone = TimeZones.Find(name)!;
        var clock = new LocalClock(zone);
        var epoch = new LocalDateTime(1970, 1, 1, 0, 0);
        for (var date = -25_000; date < 84_000; date += date % 365 is > 60 and < 340 ? 1 : 7)
        {
            for (var seconds = 0; seconds <= 86_400; seconds += date is > 14_000 and < 15_500 ? 900 : 7_200)
            {
                var expected = zone.AtLeniently(epoch.PlusDays(date).PlusSeconds(seconds)).ToInstant().ToUnixTimeSeconds();
                if (expected * Timestamp.Second != clock.At(date, seconds))
                    Assert.Fail($"{epoch.PlusDays(date).PlusSeconds(seconds)} in {name}");
            }
        }
    }
}
