using System.Globalization;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>What a ControlNet gives and a UNet takes: a residual for each skip connection, numbered from the shallowest, and one for the middle.</summary>
internal static class ResidualNames
{
    private const string Down = "down_block_additional_residual";
    private const string Middle = "mid_block_additional_residual";

    // What T2I-Adapters add.
    private const string Inside = "down_intrablock_additional_residual";

    /// <summary>The residual inputs of a UNet, in order; none where it takes none.</summary>
    public static OnnxTensorInfo[] OfInputs(OnnxSession session) => Ordered(session.Inputs, Down, Middle);

    /// <summary>Whether an input of a UNet is added to what it computes.</summary>
    public static bool IsInput(string name) => Array.Exists([Down, Middle, Inside], start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The outputs of a ControlNet, in the same order.</summary>
    public static OnnxTensorInfo[] OfOutputs(OnnxSession session) => Ordered(session.Outputs, "down_block_res_sample", "mid_block_res_sample");

    private static OnnxTensorInfo[] Ordered(IReadOnlyDictionary<string, OnnxTensorInfo> tensors, string down, string middle) =>
    [
        .. tensors.Values.Where(tensor => tensor.Name.StartsWith(down, StringComparison.Ordinal)).OrderBy(tensor => NumberOf(tensor.Name)),
        .. tensors.Values.Where(tensor => tensor.Name.StartsWith(middle, StringComparison.Ordinal)),
    ];

    // Exporters put the number behind a dot, an underscore or nothing.
    private static int NumberOf(string name)
    {
        int start = name.Length;
        while (char.IsAsciiDigit(name[start - 1]))
        {
            start--;
        }

        return int.TryParse(name.AsSpan(start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }
}
