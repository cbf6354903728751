namespace ActorTrading.Wire.Text;

/// <summary>Dates of the civil calendar as seconds since 1970.</summary>
internal static class CivilDate
{
    private const long UnixEpochDay = 719_468; // in the civil calendar whose years begin in March

    /// <summary>Converts a civil date and time to seconds since 1970; false if the date does not exist.</summary>
    public static bool TryCompose(int year, int month, int day, int secondOfDay, out long seconds)
    {
        seconds = 0;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month))) return false;
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        seconds = ((((long)era * 146_097) + dayOfEra - UnixEpochDay) * 86_400) + secondOfDay;
        return true;
    }
}
