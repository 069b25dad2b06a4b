"""Writes the files of this folder with NumPy: embeddings as people have them on disk. Run in this folder; the bytes are the same every time."""
import io
import zipfile
import numpy

TIME = (1980, 1, 1, 0, 0, 0)


def savez(path, compress=False, **arrays):
    # As numpy.savez does it, but for the time.
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            data = io.BytesIO()
            numpy.save(data, array)
            with archive.open(zipfile.ZipInfo(name + '.npy', TIME), 'w', force_zip64=True) as entry:
                entry.write(data.getvalue())


# Eighths: every type from float16 on holds them exactly.
def rows(count, start):
    return (numpy.arange(count * 3, dtype='<f4').reshape(count, 3) + start) / 8


texts = [rows(2, -4), rows(0, 0), rows(3, 10)]
flat = numpy.concatenate(texts)
padded = numpy.zeros((3, 4, 3), '<f4')
for i, text in enumerate(texts):
    padded[i, :len(text)] = text
offsets = numpy.array([0, 2, 2, 5])

savez('list.npz', **{f'arr_{i}': text for i, text in enumerate(texts)})
savez('list-compressed.npz', compress=True, **{f'arr_{i}': text for i, text in enumerate(texts)})
savez('list-float16.npz', **{f'arr_{i}': text.astype('<f2') for i, text in enumerate(texts)})
savez('list-fortran.npz', **{f'arr_{i}': numpy.asfortranarray(text) for i, text in enumerate(texts)})
savez('list-big-endian.npz', **{f'arr_{i}': text.astype('>f8') for i, text in enumerate(texts)})
savez('flat-offsets.npz', embeddings=flat, offsets=offsets)
savez('flat-offsets-fortran.npz', embeddings=numpy.asfortranarray(flat), offsets=offsets)
savez('flat-starts.npz', embeddings=flat.astype('<f8'), offsets=offsets[:-1].astype('<u4'))
savez('flat-doclens.npz', doclens=numpy.diff(offsets).astype('<i4'), embeddings=flat.astype('<f2'), ids=numpy.array(['a', 'bü', 'c']))
savez('two-groups.npz', queries=rows(2, 0), queries_offsets=numpy.array([0, 1, 2]), documents=flat, documents_offsets=offsets)
savez('padded.npz', embeddings=padded)
savez('padded-mask.npz', embeddings=padded + 1, mask=numpy.array([[1, 1, 0, 0], [0] * 4, [1, 1, 1, 0]], bool))
savez('padded-lengths.npz', embeddings=numpy.asfortranarray(padded + 1), lengths=numpy.diff(offsets), ids=numpy.array([7, 8, 9]))
numpy.save('one.npy', texts[2])
numpy.save('objects.npy', numpy.array([[1.0], [2.0, 3.0]], dtype=object), allow_pickle=True)
with open('several.npy', 'wb') as several:
    for text in texts:
        numpy.save(several, text)
with open('version2.npy', 'wb') as version2:
    numpy.lib.format.write_array(version2, texts[2], version=(2, 0))
with open('version3.npy', 'wb') as version3:
    numpy.lib.format.write_array(version3, texts[2], version=(3, 0))
