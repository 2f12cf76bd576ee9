namespace DiffusionSharp.Schedulers;

/// <summary>Functions φ of exponential integrators (Hochbruck &amp; Ostermann 2010), by what a step keeps of the sample, e^-h.</summary>
internal static class ExponentialPhi
{
    /// <summary><c>h·φ_2(-h) = 1 - (1 - e^-h)/h</c>.</summary>
    public static double HTimesSecond(double kept) => 1 + ((1 - kept) / Math.Log(kept));
}
