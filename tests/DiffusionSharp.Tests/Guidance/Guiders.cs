using System.Text.Json;
using DiffusionSharp.Guidance;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>The library's guidances for the guiders of diffusers, by their class names and configurations.</summary>
internal static class Guiders
{
    /// <summary>The guidance, and the scale w that a request has with it. Diffusers' "original formulation" has w - 1 in place of w.</summary>
    public static (IGuidance Guidance, double Scale) Create(string className, JsonElement config)
    {
        bool isOriginal = Flag(config, "use_original_formulation", false);
        double scale = Number(config, "guidance_scale", 7.5) + (isOriginal ? 1 : 0);
        IGuidance guidance = className switch
        {
            "ClassifierFreeGuidance" => new ClassifierFreeGuidance(),
            "ClassifierFreeZeroStarGuidance" => new ZeroStarGuidance(),
            "TangentialClassifierFreeGuidance" => new TangentialGuidance(),
            "MagnitudeAwareGuidance" => new MagnitudeAwareGuidance { Damping = Number(config, "alpha", 8) },
            "AdaptiveProjectedGuidance" => new AdaptiveProjectedGuidance
            {
                Momentum = Number(config, "adaptive_projected_guidance_momentum", 0),
                NormLimit = Number(config, "adaptive_projected_guidance_rescale", 15),
                Parallel = Number(config, "eta", 1),
                Scope = Scope(config),
                AddsToUnconditional = !isOriginal,
            },
            "FrequencyDecoupledGuidance" => FrequencyDecoupled(config, isOriginal, out scale),
            _ => throw new NotSupportedException($"No guidance for '{className}'."),
        };

        // FDG may rescale its bands instead, and else takes the first of its numbers.
        bool rescalesBands = config.TryGetProperty("guidance_rescale_space", out JsonElement space) && space.GetString() == "freq";
        double rescale = Numbers(config, "guidance_rescale", 1, 0)[0];
        guidance = rescale > 0 && !rescalesBands ? new RescaledGuidance(guidance, rescale) : guidance;
        (double start, double stop) = (Number(config, "start", 0), Number(config, "stop", 1));
        guidance = (start, stop) == (0, 1) ? guidance : new IntervalGuidance(guidance, start, stop);
        bool isOn = Flag(config, "enabled", true);
        bool startsAtZero = isOn && className == "ClassifierFreeZeroStarGuidance";
        return (startsAtZero ? new ZeroInitGuidance(guidance, (int)Number(config, "zero_init_steps", 1)) : guidance, isOn ? scale : 1);
    }

    private static FrequencyDecoupledGuidance FrequencyDecoupled(JsonElement config, bool isOriginal, out double scale)
    {
        double[] scales = Array.ConvertAll(Numbers(config, "guidance_scales", 0, 0), w => w + (isOriginal ? 1 : 0));
        double[] parallel = Numbers(config, "parallel_weights", scales.Length, 1);
        bool rescalesBands = config.TryGetProperty("guidance_rescale_space", out JsonElement space) && space.GetString() == "freq";
        double[] rescale = rescalesBands ? Numbers(config, "guidance_rescale", scales.Length, 0) : new double[scales.Length];
        double largest = scale = scales.Max();
        return new FrequencyDecoupledGuidance([.. scales.Select((w, k) => new FrequencyBand(w / largest) { Parallel = parallel[k], Rescale = rescale[k] })]);
    }

    // Dimensions of [B, C, H, W].
    private static ProjectionScope Scope(JsonElement config) => Numbers(config, "adaptive_projected_guidance_norm_dim", 1, 0) switch
    {
        [1] or [-3] => ProjectionScope.Position,
        [-1, -2] or [-2, -1] or [2, 3] => ProjectionScope.Channel,
        [0] or [1, 2, 3] or [-1, -2, -3] => ProjectionScope.Picture,
        double[] others => throw new NotSupportedException($"No scope for the dimensions {string.Join(", ", others)}."),
    };

    private static bool Flag(JsonElement config, string name, bool otherwise) => config.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;

    private static double Number(JsonElement config, string name, double otherwise) =>
        config.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    // A number stands for as many as are wanted, and so does what is missing.
    private static double[] Numbers(JsonElement config, string name, int count, double otherwise) =>
        config.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(one => one.GetDouble())]
            : [.. Enumerable.Repeat(Number(config, name, otherwise), count)];
}
