using System.Globalization;
using ActorTrading.Domain.Values;

namespace ActorTrading.Calendars.Tests;

/// <summary>
/// A table of published sessions; its file names the source. A line is a date, or a range of dates, with its sessions in UTC or the word
/// <c>closed</c>. A line that begins with a question mark is uncertain, and is ignored.
/// </summary>
internal sealed class PublishedSessions
{
    private readonly Dictionary<DateOnly, string> days = [];

    private PublishedSessions(IEnumerable<string> lines)
    {
        List<(DateOnly First, DateOnly Last, string Hours)> ranges = [];
        foreach (var line in lines.Where(line => !line.StartsWith('#')))
        {
            var isCertain = !line.StartsWith("? ", StringComparison.Ordinal);
            var text = isCertain ? line : line[2..];
            var (when, hours) = (text[..text.IndexOf(' ')], text[(text.IndexOf(' ') + 1)..]);
            if (when.Split("..") is [var first, var last]) ranges.Add((Date(first), Date(last), hours));
            else if (isCertain) days.Add(Date(when), hours);
            else Uncertain.Add(Date(when));
        }

        foreach (var (first, last, hours) in ranges)
        {
            for (var day = first; day <= last; day = day.AddDays(1))
            {
                if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) days.TryAdd(day, hours);
            }
        }

        foreach (var day in Uncertain) days.Remove(day);
    }

    public HashSet<DateOnly> Uncertain { get; } = [];

    public DateOnly First => days.Keys.Min();

    public DateOnly Last => days.Keys.Max();

    /// <summary>The open and close times of the sessions of a date.</summary>
    public IEnumerable<(long Open, long Close)> On(DateOnly day)
    {
        if (!days.TryGetValue(day, out var hours) || hours == "closed") yield break;
        foreach (var session in hours.Split(' '))
        {
            // 23:00-1-21:15 is from 23:00 of the previous day.
            var opensBefore = session.Contains("-1-", StringComparison.Ordinal);
            var parts = session.Replace("-1-", "-", StringComparison.Ordinal).Split('-');
            yield return (Moment(opensBefore ? day.AddDays(-1) : day, parts[0]), Moment(day, parts[1]));
        }
    }

    public static PublishedSessions Of(string venue) =>
        new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tables", venue + ".txt")));

    private static long Moment(DateOnly day, string time)
    {
        var ofDay = TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
        return Timestamp.FromDateTime(day.ToDateTime(ofDay, DateTimeKind.Utc)).Nanoseconds;
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
