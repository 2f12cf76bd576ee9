using System.Buffers.Binary;

namespace DiffusionSharp.Text;

/// <summary>Walks over the fields of one message in Protocol Buffers' wire format.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>The number of the field, after <see cref="MoveNext"/> returned true; its value must then be read or skipped.</summary>
    public int Field { get; private set; }

    /// <exception cref="InvalidDataException">The message is damaged; so it is for all that follow.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = TakeVarint();
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return Field > 0 ? true : throw new InvalidDataException("a field has no number");
    }

    public ulong Varint()
    {
        Expect(0);
        return TakeVarint();
    }

    /// <summary>Adds one number, or as many as are packed.</summary>
    public void Varints(ICollection<long> numbers)
    {
        if (_wireType == 0)
        {
            numbers.Add((long)TakeVarint());
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (!packed._rest.IsEmpty)
        {
            numbers.Add((long)packed.TakeVarint());
        }
    }

    public bool Flag() => Varint() != 0;

    public float Float()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        return TakeBytes();
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                TakeVarint();
                break;
            case 1:
                Take(sizeof(ulong));
                break;
            case 2:
                TakeBytes();
                break;
            case 5:
                Take(sizeof(uint));
                break;
            default:
                throw new InvalidDataException($"field {Field} has the unknown wire type {_wireType}");
        }
    }

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw new InvalidDataException($"field {Field} has the wire type {_wireType}, expected {wireType}");
        }
    }

    // Seven bits a byte, the lowest first, in at most ten bytes.
    private ulong TakeVarint()
    {
        ulong value = 0;
        int last = _rest.IndexOfAnyInRange((byte)0, (byte)0x7F);
        ReadOnlySpan<byte> bytes = last is >= 0 and < 10 ? Take(last + 1) : throw new InvalidDataException("a number does not end");
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
        }

        return value;
    }

    private ReadOnlySpan<byte> TakeBytes() => Take((int)Math.Min(TakeVarint(), int.MaxValue));

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException("a value ends after the message");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
