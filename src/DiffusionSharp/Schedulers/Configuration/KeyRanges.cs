namespace DiffusionSharp.Schedulers;

/// <summary>What any class of schedulers may find under a key: beyond, a file is damaged, or a schedule would take gigabytes.</summary>
internal static class KeyRanges
{
    private static readonly Dictionary<string, (double Minimum, double Maximum)> Known = new(StringComparer.Ordinal)
    {
        ["num_train_timesteps"] = (1, 1_000_000),
        ["original_inference_steps"] = (1, 1_000_000),
        ["steps_offset"] = (0, 1_000_000),
        ["base_image_seq_len"] = (1, 1 << 30),
        ["max_image_seq_len"] = (1, 1 << 30),
        ["beta_start"] = (0, 1),
        ["beta_end"] = (0, 1),
        ["dynamic_thresholding_ratio"] = (0, 1),
        ["sample_max_value"] = (0, 1e6),
        ["clip_sample_range"] = (0, 1e6),
        ["sigma_min"] = (0, 1e6),
        ["sigma_max"] = (0, 1e6),
        ["sigma_data"] = (0, 1e6),
        ["rho"] = (0, 1e3),
        ["shift"] = (0, 1e6),
        ["flow_shift"] = (0, 1e6),
        ["timestep_scaling"] = (0, 1e6),
        ["lambda_min_clipped"] = (double.NegativeInfinity, 1e6),
    };

    /// <summary>The range of a key's values, ends included.</summary>
    public static (double Minimum, double Maximum) Of(string key, double minimum, double maximum) => Known.GetValueOrDefault(key, (minimum, maximum));
}
