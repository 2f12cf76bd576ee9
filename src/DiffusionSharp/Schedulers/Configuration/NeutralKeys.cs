using System.Text.Json;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Tells keys that ask for nothing from those that are not followed. Published configurations carry the keys of every class that they were
/// ever read with: each means something to its own class alone, or only beside another key, or says what happens anyway.
/// </summary>
internal static class NeutralKeys
{
    // They mean something to one class alone, or are the number of what another key turns on.
    private static readonly HashSet<string> OfOtherClasses = new(StringComparer.Ordinal)
    {
        "set_alpha_to_one", "set_alpha_to_zero", "skip_prk_steps", "clip_sample_range", "dynamic_thresholding_ratio", "sample_max_value",
    };

    // The defaults of the classes that know them, and what every class does that does not.
    private static readonly Dictionary<string, string[]> Usual = new(StringComparer.Ordinal)
    {
        ["prediction_type"] = ["\"epsilon\""],
        ["predict_epsilon"] = ["true"],
        ["predict_x0"] = ["true"],
        ["interpolation_type"] = ["\"linear\""],
        ["timestep_type"] = ["\"discrete\""],
        ["final_sigmas_type"] = ["\"zero\""],
        ["variance_type"] = ["\"fixed_small\"", "\"fixed_small_log\"", "\"fixed_large\"", "\"fixed_large_log\""],
        ["algorithm_type"] = ["\"dpmsolver++\""],
        ["solver_type"] = ["\"midpoint\"", "\"bh2\"", "\"logrho\""],
        ["solver_order"] = ["2"],
        ["lower_order_final"] = ["true", "false"],
        ["lambda_min_clipped"] = ["\"-Infinity\""],
        ["disable_corrector"] = ["[]"],
        ["original_inference_steps"] = ["50"],
        ["timestep_scaling"] = ["10", "10.0"],
        ["steps_offset"] = ["0"],
        ["flow_shift"] = ["1", "1.0"],
        ["shift"] = ["1", "1.0"],
    };

    public static bool AsksForNothing(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Null
        || OfOtherClasses.Contains(property.Name)
        || (Usual.TryGetValue(property.Name, out string[]? usual)
            ? usual.Contains(property.Value.GetRawText())
            : property.Value.ValueKind == JsonValueKind.False);
}
