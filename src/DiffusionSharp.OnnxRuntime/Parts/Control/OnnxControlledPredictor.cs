using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// A UNet whose skip connections ControlNets add to (Zhang et al. 2023, arXiv:2302.05543): one predictor of several sessions, between which
/// the residuals stay where the models run. For pictures and weights, <see cref="ControlPictureConditions"/> is among the pipeline's encoders.
/// </summary>
public sealed class OnnxControlledPredictor : IRowwisePredictor, IDisposable
{
    private readonly OnnxNoisePredictor _unet;
    private readonly IReadOnlyList<OnnxControlNet> _nets;
    private readonly PredictorLayout _layout;
    private readonly PredictorLayout[] _netLayouts;
    private readonly ResidualAddition _addition;

    /// <summary>Puts them together.</summary>
    /// <param name="unet">A UNet with inputs for residuals, <c>down_block_additional_residuals.N</c> and <c>mid_block_additional_residual</c>; disposed with this one.</param>
    /// <param name="nets">The ControlNets, at least one, in the order of the request's control pictures; disposed with this one.</param>
    /// <exception cref="ModelFormatException">The UNet takes no residuals, or others than a ControlNet gives.</exception>
    public OnnxControlledPredictor(OnnxNoisePredictor unet, params IReadOnlyList<OnnxControlNet> nets)
    {
        ArgumentNullException.ThrowIfNull(unet);
        ArgumentNullException.ThrowIfNull(nets);
        if (nets.Count == 0)
        {
            throw new ArgumentException("There is no ControlNet.", nameof(nets));
        }

        (_unet, _nets) = (unet, [.. nets]);
        OnnxTensorInfo[] residuals = ResidualNames.OfInputs(unet.Session);
        foreach (OnnxControlNet net in nets)
        {
            RequireSame(residuals, net);
        }

        _layout = unet.Layout with { Conditions = [.. unet.Layout.Conditions.Where(input => !residuals.Contains(input.Tensor))] };
        _netLayouts = [.. nets.Select((net, index) => net.Layout(index))];
        _addition = new ResidualAddition(residuals, unet.Session.Options);
    }

    /// <summary>The fingerprints of the UNet and of the ControlNets.</summary>
    public string? Fingerprint => string.Join(' ', [_unet.Fingerprint, .. _nets.Select(net => net.Session.Fingerprint)]);

    /// <inheritdoc/>
    public int SizeMultiple => _unet.SizeMultiple;

    /// <inheritdoc/>
    public int? FixedRows => _unet.FixedRows ?? _nets.Select(net => net.FixedRows).FirstOrDefault(rows => rows is not null);

    /// <summary>Whether the rows of one call may have different timesteps: so where that is true of all the models.</summary>
    public bool HasTimestepPerRow => _unet.HasTimestepPerRow && _nets.All(net => net.HasTimestepPerRow);

    /// <inheritdoc/>
    public IPredictionRun Start(PredictionPlan plan) => StartRows(plan);

    /// <inheritdoc/>
    public IRowwiseRun StartRows(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Check(plan);
        var nets = new List<ControlNetRun>();
        try
        {
            for (int i = 0; i < _nets.Count; i++)
            {
                nets.Add(new ControlNetRun(_nets[i], _netLayouts[i], i, plan));
            }

            return new ControlledRun(new OnnxPredictionRun(_unet.Session, _layout, plan), [.. nets], _addition, plan);
        }
        catch
        {
            nets.ForEach(net => net.Dispose());
            throw;
        }
    }

    /// <summary>Releases the models.</summary>
    public void Dispose()
    {
        _unet.Dispose();
        foreach (OnnxControlNet net in _nets)
        {
            net.Dispose();
        }

        _addition.Dispose();
    }

    private void Check(PredictionPlan plan)
    {
        _layout.Check(plan.Shape, plan.Conditioning);
        for (int i = 0; i < _nets.Count; i++)
        {
            _netLayouts[i].Check(plan.Shape, plan.Conditioning);
            ControlWeights.Check(plan.Conditioning, i, plan.Shape.Batch, _nets[i].Session.Path);
        }
    }

    private void RequireSame(OnnxTensorInfo[] residuals, OnnxControlNet net)
    {
        string path = _unet.Path;
        if (residuals.Length == 0)
        {
            throw new ModelFormatException(path, "the UNet has no inputs for a ControlNet's residuals (down_block_additional_residuals.N, mid_block_additional_residual): export it with them.");
        }

        if (residuals.Length != net.Residuals.Count)
        {
            throw new ModelFormatException(net.Session.Path, $"the ControlNet gives {net.Residuals.Count} residuals, but {path} takes {residuals.Length}: they are of different models.");
        }

        foreach ((OnnxTensorInfo input, OnnxTensorInfo output) in residuals.Zip(net.Residuals))
        {
            if (input.ElementType != output.ElementType || (input.Fixed(1) is { } taken && output.Fixed(1) is { } given && taken != given))
            {
                throw new ModelFormatException(net.Session.Path, $"the ControlNet's '{output.Name}' is {output.ElementType} {output.ShapeText}, but '{input.Name}' of {path} is {input.ElementType} {input.ShapeText}.");
            }
        }
    }
}
