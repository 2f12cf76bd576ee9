using System.Globalization;

namespace DiffusionSharp.Text;

/// <summary>Which step a number in a schedule means: a count where it is whole, a part of the way where it has a point.</summary>
/// <param name="Steps">Steps of this pass.</param>
/// <param name="EarlierSteps">Steps of a pass before it, which numbers count from; null where this is the first.</param>
/// <param name="BelowOneIsAPart">The older rule: below 1 a number is a part of the way, else a count.</param>
internal readonly record struct ScheduleTimes(int Steps, int? EarlierSteps, bool BelowOneIsAPart)
{
    /// <summary>The last step, from 1, of what is before the number; 0 for none.</summary>
    public int StepOf(string when)
    {
        double number = double.Parse(when, NumberStyles.Float, CultureInfo.InvariantCulture);
        bool isPart = BelowOneIsAPart ? number < 1 : when.Contains('.');
        double earlier = BelowOneIsAPart || EarlierSteps is null ? 0 : isPart ? 1 : EarlierSteps.Value;
        double step = isPart ? (number - earlier) * Steps : number - earlier;
        return (int)Math.Clamp(Math.Truncate(step), 0, Steps);
    }
}
