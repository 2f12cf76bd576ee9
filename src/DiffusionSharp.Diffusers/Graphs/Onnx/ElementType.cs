namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Element types, with the numbers that ONNX gives them (TensorProto.DataType).</summary>
internal enum ElementType
{
    Float32 = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    BFloat16 = 16,
}
