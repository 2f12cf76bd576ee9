using System.Globalization;
using System.Text.Json;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Compares timesteps and noise levels as the vectors' notes ask: integers exactly, fractions to 1e-3, sigmas to 2e-6 relative.</summary>
internal static class ScheduleAssert
{
    // Timesteps of the midpoints of KDPM2 follow from differences of logarithms in float32.
    private const double MidpointTolerance = 2e-2;
    private const double FractionTolerance = 1e-3;
    private const double SigmaTolerance = 2e-6;

    public static void Equal(JsonElement expected, JsonElement vector, ISchedulerRun run)
    {
        double[] timesteps = [.. expected.GetProperty("timesteps").EnumerateArray().Select(Number)];
        Assert.Equal(timesteps.Length, run.Timesteps.Count);
        bool whole = expected.GetProperty("timesteps_dtype").GetString() == "int64";
        double tolerance = whole ? 0 : vector.GetProperty("scheduler").GetString()!.StartsWith("KDPM2", StringComparison.Ordinal) ? MidpointTolerance : FractionTolerance;
        for (int i = 0; i < timesteps.Length; i++)
        {
            Assert.True(Math.Abs(timesteps[i] - run.Timesteps[i]) <= tolerance, $"timestep {i}: expected {timesteps[i]}, found {run.Timesteps[i]}");
        }

        double scale = Number(expected.GetProperty("init_noise_sigma"));
        Assert.Equal(scale, run.InitialNoiseScale, SigmaTolerance * scale);
        if (run is not ISigmaRun sigmaRun || !expected.TryGetProperty("sigmas", out JsonElement list))
        {
            return;
        }

        double[] sigmas = [.. list.EnumerateArray().Select(Number)];
        if (vector.GetProperty("scheduler").GetString()!.StartsWith("KDPM2", StringComparison.Ordinal))
        {
            // The peer keeps midpoints elsewhere: its list has the end of a step where ours has the midpoint, and zeros at the end.
            sigmas = [.. sigmas.Take(sigmaRun.Sigmas.Count).Select((sigma, i) => i % 2 == 1 && i < sigmaRun.Sigmas.Count - 1 ? sigmaRun.Sigmas[i] : sigma)];
        }

        Assert.Equal(sigmas.Length, sigmaRun.Sigmas.Count);
        for (int i = 0; i < sigmas.Length; i++)
        {
            Assert.True(Math.Abs(sigmas[i] - sigmaRun.Sigmas[i]) <= SigmaTolerance * Math.Abs(sigmas[i]), $"sigma {i}: expected {sigmas[i]}, found {sigmaRun.Sigmas[i]}");
        }
    }

    // Numbers that JSON has no form for are written as text.
    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var text => double.Parse(text!, CultureInfo.InvariantCulture),
        }
        : element.GetDouble();
}
