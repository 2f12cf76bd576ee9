namespace SixLabors.ImageSharp;

internal static class StandIn
{
    public static NotSupportedException Cannot(string what) =>
        new($"The stand-in for SixLabors.ImageSharp cannot {what}; use the real package.");
}
