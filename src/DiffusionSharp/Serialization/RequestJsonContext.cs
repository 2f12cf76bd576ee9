using System.Text.Json.Serialization;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Serialization;

/// <summary>The metadata of the library's types.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    Converters = [typeof(TensorConverter), typeof(ConditioningConverter), typeof(TauConverter)])]
[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(TextToImageRequest))]
[JsonSerializable(typeof(ImageToImageRequest))]
[JsonSerializable(typeof(InpaintingRequest))]
[JsonSerializable(typeof(AestheticScores))]
[JsonSerializable(typeof(ControlPictures))]
[JsonSerializable(typeof(EncoderPrompts))]
[JsonSerializable(typeof(ImagePrompts))]
[JsonSerializable(typeof(PictureSizes))]
[JsonSerializable(typeof(ResolutionBinning))]
[JsonSerializable(typeof(TextEncodingOptions))]
[JsonSerializable(typeof(LowResolution))]
[JsonSerializable(typeof(StepNoise))]
[JsonSerializable(typeof(ImageEmbedding))]
[JsonSerializable(typeof(UnclipSettings))]
[JsonSerializable(typeof(UpscalerSettings))]
[JsonSerializable(typeof(TensorValues))]
[JsonSerializable(typeof(ConditionPart[]))]
[JsonSerializable(typeof(DiscreteSchedulerOptions))]
[JsonSerializable(typeof(SampleClipping.NoClipping))]
[JsonSerializable(typeof(SampleClipping.RangeClipping))]
[JsonSerializable(typeof(SampleClipping.DynamicThresholding))]
[JsonSerializable(typeof(ConsistencyScheduler))]
[JsonSerializable(typeof(DdimScheduler))]
[JsonSerializable(typeof(DdimInverseScheduler))]
[JsonSerializable(typeof(DdpmScheduler))]
[JsonSerializable(typeof(DeisScheduler))]
[JsonSerializable(typeof(DpmSolverScheduler))]
[JsonSerializable(typeof(DpmSolverAncestralScheduler))]
[JsonSerializable(typeof(DpmSolverInverseScheduler))]
[JsonSerializable(typeof(DpmSolverSdeScheduler))]
[JsonSerializable(typeof(DpmSolverSinglestepScheduler))]
[JsonSerializable(typeof(EdmDpmSolverScheduler))]
[JsonSerializable(typeof(EdmEulerScheduler))]
[JsonSerializable(typeof(ErSdeScheduler))]
[JsonSerializable(typeof(EulerScheduler))]
[JsonSerializable(typeof(EulerAncestralScheduler))]
[JsonSerializable(typeof(EulerCfgPlusPlusScheduler))]
[JsonSerializable(typeof(FlowMatchEulerScheduler))]
[JsonSerializable(typeof(FlowMatchHeunScheduler))]
[JsonSerializable(typeof(GradientEstimationScheduler))]
[JsonSerializable(typeof(HeunScheduler))]
[JsonSerializable(typeof(IpndmScheduler))]
[JsonSerializable(typeof(KarrasVeScheduler))]
[JsonSerializable(typeof(Kdpm2Scheduler))]
[JsonSerializable(typeof(Kdpm2AncestralScheduler))]
[JsonSerializable(typeof(LcmScheduler))]
[JsonSerializable(typeof(LmsScheduler))]
[JsonSerializable(typeof(PndmScheduler))]
[JsonSerializable(typeof(RePaintScheduler))]
[JsonSerializable(typeof(Res2sScheduler))]
[JsonSerializable(typeof(ResMultistepScheduler))]
[JsonSerializable(typeof(SaSolverScheduler))]
[JsonSerializable(typeof(ScmScheduler))]
[JsonSerializable(typeof(ScoreSdeVeScheduler))]
[JsonSerializable(typeof(TcdScheduler))]
[JsonSerializable(typeof(UniPcScheduler))]
[JsonSerializable(typeof(WuerstchenScheduler))]
internal sealed partial class RequestJsonContext : JsonSerializerContext;
