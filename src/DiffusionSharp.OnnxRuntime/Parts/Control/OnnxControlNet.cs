using DiffusionSharp.Conditions;
using DiffusionSharp.Configuration;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// A ControlNet (Zhang et al. 2023, arXiv:2302.05543) in an ONNX file: it sees what the UNet sees and a picture (<c>controlnet_cond</c>), and
/// gives what is added to the UNet's skip connections (<c>down_block_res_samples.N</c>, <c>mid_block_res_sample</c>). Its own
/// <c>conditioning_scale</c>, where it has one, is always 1: weights are applied outside. A <c>config.json</c> beside the file is read.
/// </summary>
public sealed class OnnxControlNet : IDisposable
{
    private const string PictureInput = "controlnet_cond";
    private const string ScaleInput = "conditioning_scale";

    private readonly PredictorLayout _layout;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a ControlNet.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxControlNet(string path, OnnxOptions? options = null)
        : this(ModelSource.File(path), options, CancellationToken.None)
    {
    }

    internal OnnxControlNet(ModelSource source, OnnxOptions? options, CancellationToken cancellationToken)
    {
        Session = OnnxSession.Load(source, options, cancellationToken);
        try
        {
            Session.RequireInput(PictureInput);
            var layout = new PredictorLayout(Session, UNetConfig.Beside(source.Name), "mid_block_res_sample");
            Scale = Session.FindInput(ScaleInput);
            _layout = layout with { Conditions = [.. layout.Conditions.Where(input => input.Tensor != Scale)], TakesConcatenated = false };
            Residuals = ResidualNames.OfOutputs(Session);
        }
        catch
        {
            Session.Dispose();
            throw;
        }

        PoolsGlobally = ConfigFile.LoadIfPresent(Path.Combine(Path.GetDirectoryName(source.Name) ?? "", "config.json"))?.Flag("global_pool_conditions") ?? false;
    }

    /// <summary>Whether its residuals are means over the picture, so that it guides the conditional prediction alone, as one that sees shuffled pictures does.</summary>
    public bool PoolsGlobally { get; }

    internal OnnxSession Session { get; }

    /// <summary>The outputs, the shallowest first.</summary>
    internal IReadOnlyList<OnnxTensorInfo> Residuals { get; }

    /// <summary>The input for a weight; null where the graph has none.</summary>
    internal OnnxTensorInfo? Scale { get; }

    /// <summary>Whether rows may differ in their timesteps.</summary>
    internal bool HasTimestepPerRow => _layout.HasTimestepPerRow;

    /// <summary>The number of rows that it was exported for; null for any.</summary>
    internal int? FixedRows => _layout.Sample.Fixed(0);

    /// <summary>The inputs of the net of an index among several.</summary>
    internal PredictorLayout Layout(int index) => _layout with
    {
        Conditions = [.. _layout.Conditions.Select(input => input.Tensor.Name == PictureInput ? input with { ConditionName = ConditionNames.ControlPicture(index) } : input)],
    };

    /// <summary>Releases the model.</summary>
    public void Dispose() => Session.Dispose();
}
