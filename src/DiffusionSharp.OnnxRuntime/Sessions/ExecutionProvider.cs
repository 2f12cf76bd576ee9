namespace DiffusionSharp.OnnxRuntime;

/// <summary>What executes a model. All but <see cref="Cpu"/> need a native ONNX Runtime package that has them.</summary>
public enum ExecutionProvider
{
    /// <summary>The processor. In every native package.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs. Package Microsoft.ML.OnnxRuntime.Gpu.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT. Package Microsoft.ML.OnnxRuntime.Gpu.</summary>
    TensorRt,

    /// <summary>Any DirectX 12 GPU on Windows. Package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    DirectML,

    /// <summary>Apple's neural engine and GPU. In package Microsoft.ML.OnnxRuntime on macOS and iOS.</summary>
    CoreML,

    /// <summary>Intel hardware. Package Intel.ML.OnnxRuntime.OpenVino.</summary>
    OpenVino,
}
