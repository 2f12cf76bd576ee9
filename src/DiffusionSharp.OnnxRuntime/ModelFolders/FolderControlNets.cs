using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The ControlNets of a UNet: those of the options, else those that the folder's index names, in <c>controlnet</c>, <c>controlnet_1</c> and on, as
/// diffusers saves several; or those that the UNet's own graph has inside.
/// </summary>
internal sealed class FolderControlNets
{
    /// <summary>What an index calls them.</summary>
    public const string Name = "controlnet";

    private readonly IReadOnlyList<Loading<OnnxControlNet>> _nets;

    private FolderControlNets(IReadOnlyList<Loading<OnnxControlNet>> nets) => _nets = nets;

    /// <summary>Asks for the nets.</summary>
    public static FolderControlNets Of(FolderReader folder)
    {
        if (folder.ControlNets.Count > 0)
        {
            return new([.. folder.ControlNets.Select(path => folder.Load(Name, path, nameof(OnnxPipelineOptions.ControlNets), static (source, onnx, token) => new OnnxControlNet(source, onnx, token)))]);
        }

        IEnumerable<string> components = folder.Index.ClassOf(Name) is null ? [] : [Name, .. Numbered().TakeWhile(folder.Has)];
        return new([.. components.Select(component => folder.Load(component, Name, static (source, onnx, token) => new OnnxControlNet(source, onnx, token)))]);
    }

    /// <summary>The UNet with its nets.</summary>
    public IRowwisePredictor Around(OnnxNoisePredictor unet) => _nets.Count == 0 ? unet : new OnnxControlledPredictor(unet, [.. _nets.Select(net => net.Value)]);

    /// <summary>What reads control pictures; nothing where there are no nets.</summary>
    public IEnumerable<IConditionEncoder> Encoders(OnnxNoisePredictor unet) => (_nets.Count, unet.MergedControlNets) switch
    {
        (0, 0) => [],
        (0, int merged) => [new ControlPictureConditions(merged) { AreMerged = true }],
        (int own, _) => [new ControlPictureConditions(own) { PoolGlobally = _nets[0].Value.PoolsGlobally }],
    };

    private static IEnumerable<string> Numbered() => Enumerable.Range(1, int.MaxValue).Select(number => $"{Name}_{number}");
}
